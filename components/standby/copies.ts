import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { copyParameters, pools, type StandbySettings } from "../../config";
import type { BucketStore, FilesStore, PostgresStore } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { required } from "../base/required";
import type { StoreOutputs } from "../base/store";
import { StandbyDatabase } from "../data/standby-database";
import { standbyOutputs } from "../data/standby-outputs";
import type { StoreNetwork } from "../network/data-network";
import type { AccessLogs } from "../storage/access-logs";
import { Bucket } from "../storage/bucket";
import { Files } from "../storage/files";
import { filesReplication, replication } from "../storage/replication";
import { bucketWatch, filesWatch } from "../storage/replication-alarms";
import type { ConfiguredSystem } from "../region/configured-systems";

/** Parts of the first region that replication uses. */
export interface FirstRegion {
  /** Key of its data. */
  readonly keyArn: pulumi.Input<string>;
  readonly provider: aws.Provider;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** A system whose stores are copied, and its resources in the second region. */
interface Copied extends ConfiguredSystem {
  readonly standby: StandbySettings;
  readonly first: FirstRegion;
  /** The second region's provider. */
  readonly provider: aws.Provider;
  readonly parent: Component;
  readonly context: Context;
  readonly keys: { readonly data: pulumi.Output<string>; readonly logs: pulumi.Output<string> };
  readonly alarmTopicArn: pulumi.Output<string>;
  readonly accessLogs: AccessLogs;
  readonly storeNetwork: (system: string, store: string) => StoreNetwork;
  readonly firstRegion: string;
  /** Retention of the databases' logs in days. */
  readonly logDays: number;
  /** Outputs of its stores in the first region. */
  readonly made: Readonly<Record<string, StoreOutputs>>;
}

/** The copies of a system's stores: outputs, by store, of those that workloads can use there. */
export function copiesOf(args: Copied): Readonly<Record<string, StoreOutputs>> {
  const copies = Object.entries(args.spec.stores).flatMap(([store, described]) => {
    const outputs = copyOf(store, described, args);
    return outputs === undefined ? [] : [[store, outputs] as const];
  });
  return Object.fromEntries(copies);
}

function copyOf(
  store: string,
  described: ConfiguredSystem["spec"]["stores"][string],
  args: Copied,
): StoreOutputs | undefined {
  switch (described.kind) {
    case "generated":
      // Secrets Manager replicates it.
      return args.made[store];
    case "postgres":
      return database(store, described, args);
    case "bucket":
      return bucket(store, described, args);
    case "files":
      return files(store, described, args);
    default:
      return undefined;
  }
}

const common = ({ context, spec, keys }: Copied) => ({ context, system: spec.name, keyArn: keys.data });

function database(store: string, described: PostgresStore, args: Copied): StoreOutputs | undefined {
  const { parent, spec, settings, standby, made, keys } = args;
  const primary = required(settings.stores.postgres[store], `${spec.name}: ${store}`);
  const replica = standby.systems[spec.name]?.replicas[store];
  const { database: instance } = new StandbyDatabase(
    parent.child(spec.name, store),
    {
      ...common(args),
      store,
      spec: described,
      settings: { ...primary, parameters: copyParameters(primary.parameters, replica) },
      network: args.storeNetwork(spec.name, store),
      logsKeyArn: keys.logs,
      logDays: args.logDays,
      standby,
      sourceArn: required(made[store]?.recoverable?.arn, `ARN of ${spec.name}-${store}`),
      replicaClass: replica?.class,
      alarmTopicArn: args.alarmTopicArn,
    },
    parent.inside,
  );
  const secret = made[store]?.secret;
  if (instance === undefined || secret === undefined) return undefined;
  return standbyOutputs({ spec: described, pools: pools(spec, settings.workloads), instance, secret });
}

function bucket(store: string, described: BucketStore, args: Copied): StoreOutputs {
  const { parent, context, spec, settings, standby, made, keys, first, provider, accessLogs } = args;
  const sizes = required(settings.stores.bucket[store], `${spec.name}: ${store}`);
  const origins = (described.uploadsFrom ?? []).map(
    (host) => `https://${required(settings.hosts[host], `${spec.name}: ${host}`)}`,
  );
  const copy = new Bucket(
    parent.child(spec.name, store),
    { ...common(args), store, spec: described, settings: { ...sizes, name: undefined }, origins, accessLogs },
    parent.inside,
  );
  const timeControl = standby.systems[spec.name]?.timeControl ?? false;
  const original = required(made[store]?.replicable, `bucket of ${spec.name}-${store}`);
  const second = required(copy.outputs.replicable, `copy of ${spec.name}-${store}`);
  const key = `${spec.name}-${store}-replication`;
  bucketWatch(parent, key, {
    label: `${context.prefix}-${key}`,
    first: original.bucket,
    second: second.bucket,
    timeControl,
    there: first,
    alarmTopicArn: args.alarmTopicArn,
  });
  replication(parent, key, {
    timeControl,
    first: { region: args.firstRegion, ...first, bucket: original },
    second: { region: context.region, keyArn: keys.data, provider, bucket: second },
  });
  return copy.outputs;
}

/** A file system that pods can mount, if the system has pods there; otherwise EFS creates one. */
function files(store: string, described: FilesStore, args: Copied): StoreOutputs | undefined {
  const { parent, context, spec, settings, standby, made, keys, first } = args;
  const copy =
    standby.systems[spec.name]?.workloads === undefined
      ? undefined
      : new Files(
          parent.child(spec.name, store),
          {
            ...common(args),
            store,
            spec: described,
            settings: required(settings.stores.files[store], `${spec.name}: ${store}`),
            network: args.storeNetwork(spec.name, store),
            destination: true,
          },
          parent.inside,
        ).outputs;
  // While the second region is active, its files can be changed.
  if (standby.active === "secondary") return copy;
  const key = `${spec.name}-${store}-replication`;
  const replicated = filesReplication(parent, key, {
    fileSystemId: required(made[store]?.fileSystemId, `file system of ${spec.name}-${store}`),
    provider: first.provider,
    region: context.region,
    to:
      copy === undefined
        ? { kmsKeyId: keys.data }
        : { fileSystemId: required(copy.fileSystemId, `copy of ${spec.name}-${store}`) },
  });
  filesWatch(parent, key, replicated, { ...first, label: `${context.prefix}-${key}` });
  return copy;
}
