import type * as pulumi from "@pulumi/pulumi";
import {
  pools,
  type BackupSettings,
  type EdgeSettings,
  type NetworkSettings,
  type SystemSettings,
} from "../../config";
import type { Store, SystemSpec } from "../../systems/spec";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { Cache } from "../data/cache";
import { CredentialsRotation } from "../data/credentials/rotation";
import { Postgres } from "../data/postgres";
import type { DataNetwork } from "../network/data-network";
import { NatsCredentials } from "../messaging/nats-credentials";
import { Queue } from "../messaging/queue";
import { GeneratedSecret } from "../security/generated-secret";
import type { AccessLogs } from "../storage/access-logs";
import { Bucket } from "../storage/bucket";
import { Files } from "../storage/files";
import { required } from "../base/required";
import type { Rotation, StoreOutputs } from "../base/store";
import { mailOutputs } from "./mail-store";
import { natsUsers } from "./nats-users";
import { streamJobNames } from "./stream-backups";
import { enginePorts } from "../base/ports";

export interface StoresArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly zones: EdgeSettings["zones"];
  readonly backups: BackupSettings;
  readonly keys: KeyArns;
  readonly network: DataNetwork;
  /** Days between two rotations; 0: never. */
  readonly rotationDays: number;
  /** AWS services with interface endpoints. */
  readonly interfaceEndpoints: NetworkSettings["interfaceEndpoints"];
  /** Retention of the databases' logs in days. */
  readonly databaseLogDays: number;
  /** Topic for alarms. */
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Bucket for the other buckets' access logs. */
  readonly accessLogs: AccessLogs;
  /** Outputs of the copies of another region's stores, by store. Default: there is no other region. */
  readonly held?: Readonly<Record<string, StoreOutputs>> | undefined;
}

/**
 * A system's stores outside the cluster. Nothing in here waits for the cluster, so databases are created at the same
 * time.
 */
export class Stores extends Component {
  readonly outputs: Readonly<Record<string, StoreOutputs>>;

  constructor(name: string, args: StoresArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Stores", name, opts);
    const outputs: Record<string, StoreOutputs> = {};
    for (const [key, store] of Object.entries(args.spec.stores))
      outputs[key] = args.held?.[key] ?? this.make(key, store, args);
    this.outputs = outputs;
    this.registerOutputs();
  }

  private make(key: string, store: Store, args: StoresArgs): StoreOutputs {
    const { context, keys, spec, settings } = args;
    const common = { context, system: spec.name, store: key, keyArn: keys.data };
    const amounts = <Amounts>(ofKind: Readonly<Record<string, Amounts>>): Amounts =>
      required(ofKind[key], `${spec.name}: ${key}`);
    const inNetwork = () => ({
      ...common,
      logsKeyArn: keys.logs,
      network: args.network.store(key),
    });
    switch (store.kind) {
      case "postgres": {
        const postgres = new Postgres(
          this.child(key),
          {
            ...inNetwork(),
            spec: store,
            settings: amounts(settings.stores.postgres),
            logDays: args.databaseLogDays,
            pools: pools(spec, settings.workloads),
          },
          this.inside,
        );
        const rotation = this.rotation(key, postgres, store.database, args);
        const { roles, ...outputs } = postgres.outputs;
        return { ...outputs, roles: roles && { ...roles, rotation } };
      }
      case "cache":
        return new Cache(
          this.child(key),
          { ...inNetwork(), settings: amounts(settings.stores.cache) },
          this.inside,
        ).outputs;
      case "bucket": {
        const origins = (store.uploadsFrom ?? []).map(
          (host) => `https://${required(settings.hosts[host], `${spec.name}: ${host}`)}`,
        );
        const { accessLogs } = args;
        return new Bucket(
          this.child(key),
          { ...common, spec: store, settings: amounts(settings.stores.bucket), origins, accessLogs },
          this.inside,
        ).outputs;
      }
      case "generated": {
        const { credentialsVersion: version } = amounts(settings.stores.generated);
        return new GeneratedSecret(this.child(key), { ...common, keys: store.keys, version }, this.inside)
          .outputs;
      }
      case "mail":
        return mailOutputs(this, key, {
          ...common,
          spec: store,
          settings: amounts(settings.stores.mail),
          zones: args.zones,
          logsKeyArn: keys.logs,
          elsewhere: args.held !== undefined,
        });
      case "files":
        return new Files(
          this.child(key),
          { ...inNetwork(), spec: store, settings: amounts(settings.stores.files) },
          this.inside,
        ).outputs;
      case "queue":
        return new Queue(
          this.child(key),
          {
            ...common,
            settings: amounts(settings.stores.queue),
            alarmTopicArn: args.alarmTopicArn,
            endpoint: args.interfaceEndpoints.includes("sqs"),
          },
          this.inside,
        ).outputs;
      case "nats": {
        // The servers are in the cluster: `System` creates them.
        const users = natsUsers(spec, key);
        const backedUp = streamJobNames(spec, key, args.backups).length > 0;
        return new NatsCredentials(
          this.child(key),
          { ...common, spec: store, settings: amounts(settings.stores.nats), users, backedUp },
          this.inside,
        ).outputs;
      }
    }
  }

  /** The rotation of a database's logins, if configured. */
  private rotation(
    key: string,
    postgres: Postgres,
    database: string,
    args: StoresArgs,
  ): Rotation | undefined {
    const { context, spec, keys, network, rotationDays: days } = args;
    const securityGroupId = network.store(key).rotationSecurityGroupId;
    if (securityGroupId === undefined) return undefined;
    const { credentials, host, proxyHost: proxy, replicaHosts: replicas } = postgres;
    return new CredentialsRotation(
      this.child(key, "rotation"),
      {
        context,
        system: spec.name,
        store: key,
        credentials,
        days,
        subnetIds: network.functionSubnetIds,
        securityGroupId,
        host,
        port: enginePorts.postgres,
        database,
        replicas,
        proxy,
        keyArn: keys.data,
        logsKeyArn: keys.logs,
        alarmTopicArn: args.alarmTopicArn,
      },
      this.inside,
    ).rotation;
  }
}
