import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings, StandbySettings } from "../config";
import { Component } from "./base/component";
import { contextOf, type Context } from "./base/context";
import { enginePorts } from "./base/ports";
import { required } from "./base/required";
import { CopyAges } from "./data/copy-ages";
import { primaryIdentifier } from "./data/instances";
import { StandbyDatabase } from "./data/standby-database";
import { DataOnlyNetwork } from "./network/data-only";
import { AlarmTopic } from "./observability/alarm-topic";
import { databaseEvents, databaseEventsRule, eventAlarm } from "./observability/event-alarm";
import { encryptionKey } from "./security/keys";
import { AccessLogs } from "./storage/access-logs";
import { Bucket } from "./storage/bucket";
import { CopiesVault, lockedVault, vaultName } from "./storage/locked-vault";
import { filesReplication, replication } from "./storage/replication";
import { bucketWatch, filesWatch } from "./storage/replication-alarms";
import type { VaultCopies } from "./storage/vault";
import type { ConfiguredSystem, SystemInRegion } from "./system-in-region";

export interface StandbyArgs {
  readonly settings: Settings;
  readonly standby: StandbySettings;
  readonly systems: readonly ConfiguredSystem[];
}

/** What the first region replicates to. */
export interface Copies {
  readonly secrets: NonNullable<Context["secretCopies"]>;
  /** Default: recovery points aren't copied. */
  readonly vault?: VaultCopies | undefined;
}

/** What the first region has made of each system, by its name. */
export type Originals = Readonly<Record<string, Pick<SystemInRegion, "stores">>>;

export interface HeldArgs extends StandbyArgs {
  readonly originals: Originals;
  /** Key of the first region's data, its provider, and the topic of its alarms. */
  readonly first: {
    readonly keyArn: pulumi.Input<string>;
    readonly provider: aws.Provider;
    readonly alarmTopicArn: pulumi.Input<string>;
  };
  readonly provider: aws.Provider;
}

type Stores = ConfiguredSystem["spec"]["stores"];

const ofKind = <Kind extends Stores[string]["kind"]>(stores: Stores, kind: Kind) =>
  Object.entries(stores).flatMap(([key, store]) =>
    store.kind === kind ? [[key, store as Extract<Stores[string], { kind: Kind }>] as const] : [],
  );

/**
 * The second region: what holds copies of the data of the first. It has keys, network, alarms and a vault of its own,
 * and nothing in it needs the first region but what replicates. It has no cluster.
 *
 * Give it the second region's AWS provider, and the random provider.
 */
export class Standby extends Component {
  readonly copies: Copies;
  private readonly context: Context;
  private readonly keys: { readonly data: pulumi.Output<string>; readonly logs: pulumi.Output<string> };
  private readonly network: DataOnlyNetwork;
  private readonly alarms: AlarmTopic;
  private readonly accessLogs: AccessLogs;

  constructor(
    name: string,
    { settings, standby, systems }: StandbyArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:region:Region", name, opts);
    const { protect, prefix } = settings;
    // Names of its own: those of IAM, S3 and CloudWatch's dashboards are global.
    const context = {
      ...contextOf(settings),
      region: standby.region,
      prefix: `${prefix}-standby`,
      protect: standby.protect ?? protect,
    };
    const keys = {
      data: encryptionKey(this, "data", context),
      logs: encryptionKey(this, "logs", context),
      alarms: encryptionKey(this, "alarms", context),
    };
    this.context = context;
    this.keys = keys;
    this.network = this.databaseNetwork(settings, standby, systems);
    this.alarms = new AlarmTopic(
      this.child("alarms"),
      { context, settings: settings.alarms, keys, rules: [databaseEventsRule(context.prefix)] },
      this.inside,
    );
    eventAlarm(this, "database-events", {
      ...databaseEvents(context.prefix),
      alarmTopicArn: this.alarms.arn,
    });
    this.accessLogs = new AccessLogs(
      this.child("access-logs"),
      { context, days: settings.storage.accessLogDays, cdn: false },
      this.inside,
    );
    this.copies = {
      secrets: { region: standby.region, keyArn: keys.data },
      vault: this.vault(settings),
    };
    this.registerOutputs();
  }

  private databaseNetwork(
    settings: Settings,
    { network }: StandbySettings,
    systems: readonly ConfiguredSystem[],
  ): DataOnlyNetwork {
    const databases = systems.flatMap(({ spec }) =>
      ofKind(spec.stores, "postgres").map(([store]) => ({ system: spec.name, store })),
    );
    const slots = databases.map(({ system }) => [
      system,
      required(settings.network.dataSlots[system], `network.dataSlots.${system}`),
    ]);
    return new DataOnlyNetwork(
      this.child("network"),
      {
        context: this.context,
        ...network,
        keys: this.keys,
        dataPorts: Object.fromEntries(
          databases.map(({ system, store }) => [`${system}-${store}`, enginePorts.postgres]),
        ) as Record<string, number>,
        dataSlots: Object.fromEntries(slots) as Record<string, number>,
        flowLogDays: settings.network.flowLogDays,
      },
      this.inside,
    );
  }

  private vault({ backups }: Settings): VaultCopies | undefined {
    if (backups.vault === undefined) return undefined;
    const { context } = this;
    const { accountId, region } = context;
    const parent = new CopiesVault(this.child("vault"), this.inside);
    const { key, vault } = lockedVault(parent, { context, settings: backups.vault });
    const vaultArn = `arn:aws:backup:${region}:${accountId}:backup-vault:${vaultName(context)}`;
    return { region, vaultArn, vault, keyArn: key.arn };
  }

  /** Copies what the systems store in the first region. */
  hold({ systems, standby, originals, first, provider, settings }: HeldArgs): void {
    const { context, keys, alarms, accessLogs } = this;
    const replicated = systems.flatMap(({ spec }) =>
      ofKind(spec.stores, "postgres").some(
        ([store]) => standby.systems[spec.name]?.replicas[store] === undefined,
      )
        ? [primaryIdentifier(settings.prefix, spec.name)]
        : [],
    );
    if (replicated.length > 0)
      new CopyAges(
        this.child("copy-ages"),
        { context, databases: replicated, logsKeyArn: keys.logs, alarmTopicArn: alarms.arn },
        this.inside,
      );
    for (const { spec, settings: amounts } of systems) {
      const made = originals[spec.name]?.stores ?? {};
      const own = standby.systems[spec.name];
      const common = { context, system: spec.name, keyArn: keys.data };
      for (const [store, described] of ofKind(spec.stores, "postgres"))
        new StandbyDatabase(
          this.child(spec.name, store),
          {
            ...common,
            store,
            spec: described,
            settings: required(amounts.stores.postgres[store], `${spec.name}: ${store}`),
            network: this.network.store(spec.name, store),
            logsKeyArn: keys.logs,
            logDays: settings.storage.databaseLogDays,
            standby,
            sourceArn: required(made[store]?.recoverable?.arn, `ARN of ${spec.name}-${store}`),
            replicaClass: own?.replicas[store]?.class,
            alarmTopicArn: alarms.arn,
          },
          this.inside,
        );
      for (const [store, described] of ofKind(spec.stores, "bucket")) {
        const sizes = required(amounts.stores.bucket[store], `${spec.name}: ${store}`);
        const origins = (described.uploadsFrom ?? []).map(
          (host) => `https://${required(amounts.hosts[host], `${spec.name}: ${host}`)}`,
        );
        const copy = new Bucket(
          this.child(spec.name, store),
          { ...common, store, spec: described, settings: { ...sizes, name: undefined }, origins, accessLogs },
          this.inside,
        );
        const timeControl = own?.timeControl ?? false;
        const original = required(made[store]?.replicable, `bucket of ${spec.name}-${store}`);
        const second = required(copy.outputs.replicable, `copy of ${spec.name}-${store}`);
        bucketWatch(this, `${spec.name}-${store}-replication`, {
          label: `${context.prefix}-${spec.name}-${store}-replication`,
          first: original.bucket,
          second: second.bucket,
          timeControl,
          there: first,
          alarmTopicArn: alarms.arn,
        });
        replication(this, `${spec.name}-${store}-replication`, {
          timeControl,
          first: {
            region: settings.account.region,
            ...first,
            bucket: original,
          },
          second: {
            region: context.region,
            keyArn: keys.data,
            provider,
            bucket: second,
          },
        });
      }
      // While the second region is active, its files can be changed.
      if (standby.active === "primary")
        for (const [store] of ofKind(spec.stores, "files")) {
          const key = `${spec.name}-${store}-replication`;
          const fileSystemId = required(made[store]?.fileSystemId, `file system of ${spec.name}-${store}`);
          const replicated = filesReplication(this, key, {
            fileSystemId,
            provider: first.provider,
            region: context.region,
            keyArn: keys.data,
          });
          filesWatch(this, key, replicated, { ...first, label: `${context.prefix}-${key}` });
        }
    }
  }
}
