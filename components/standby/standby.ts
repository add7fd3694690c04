import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { secondRegion, standbyPrefix, type Settings, type StandbySettings } from "../../config";
import type { AuditCopiesArgs } from "../audit-copies";
import { Component } from "../base/component";
import { contextOf, type Context } from "../base/context";
import type { StoreOutputs } from "../base/store";
import type { StoreNetwork } from "../network/data-network";
import { CopyAges } from "../data/copy-ages";
import { primaryIdentifier } from "../data/instances";
import { regionSignals } from "../region/base";
import type { Copies, RegionBase } from "../region/resources";
import { encryptionKey } from "../security/keys";
import { copiesOf, type FirstRegion } from "./copies";
import { clusterNetwork, databaseNetwork } from "./network";
import { CopiesVault, lockedVault, vaultName } from "../storage/locked-vault";
import type { VaultCopies } from "../storage/vault";
import type { ConfiguredSystem } from "../region/configured-systems";
import type { SystemInRegion } from "../region/system";

export interface StandbyArgs {
  readonly settings: Settings;
  readonly standby: StandbySettings;
  readonly systems: readonly ConfiguredSystem[];
}

/** Systems in the first region, by name. */
export type Originals = Readonly<Record<string, Pick<SystemInRegion, "stores">>>;

/** Outputs of the copies of a system's stores, by system and store. */
export type Held = Readonly<Record<string, Readonly<Record<string, StoreOutputs>>>>;

export interface HeldArgs extends StandbyArgs {
  readonly originals: Originals;
  readonly first: FirstRegion;
  readonly provider: aws.Provider;
}

/**
 * The second region, which holds copies of the first region's data. It has its own keys, network, alarms and vault;
 * only replication depends on the first region. If a system has a warm standby, it also has the network of a cluster.
 *
 * Give it the second region's AWS provider, and the random provider.
 */
export class Standby extends Component {
  readonly copies: Copies;
  /** What its cluster needs; undefined: no system has a warm standby. */
  readonly base: RegionBase | undefined;
  /** What copies of its logs need. */
  readonly logged: Omit<AuditCopiesArgs, "settings" | "bucketRegion" | "logs" | "groups" | "cdnWaf">;
  private readonly context: Context;
  private readonly keys: { readonly data: pulumi.Output<string>; readonly logs: pulumi.Output<string> };
  private readonly storeNetwork: (system: string, store: string) => StoreNetwork;
  private readonly signals: Pick<RegionBase, "alarms" | "accessLogs">;

  constructor(
    name: string,
    { settings, standby, systems }: StandbyArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:region:Region", name, opts);
    const { protect } = settings;
    const context = {
      ...contextOf(settings),
      region: standby.region,
      prefix: standbyPrefix(settings),
      protect: standby.protect ?? protect,
    };
    const keys = {
      data: encryptionKey(this, "data", context),
      logs: encryptionKey(this, "logs", context),
      alarms: encryptionKey(this, "alarms", context),
    };
    this.context = context;
    this.keys = keys;
    const second = secondRegion(settings);
    const network = { parent: this, context, systems };
    const spot = second?.cluster.nodePool.capacity === "spot";
    const clusterKeys = second && { ...keys, cluster: encryptionKey(this, "cluster", context, { spot }) };
    const whole = second &&
      clusterKeys && {
        keys: clusterKeys,
        network: clusterNetwork({ ...network, keys: clusterKeys, settings: second }),
      };
    const place =
      whole === undefined
        ? databaseNetwork({ ...network, keys, settings, standby })
        : {
            vpcId: whole.network.vpcId,
            store: (system: string, store: string) => whole.network.dataNetwork(system).store(store),
          };
    this.storeNetwork = place.store;
    this.signals = regionSignals(this, { context, settings, keys });
    const { alarms, accessLogs } = this.signals;
    this.logged = { context, keys, network: place, accessLogs, alarmTopicArn: alarms.arn };
    this.base = whole && { context, ...whole, ...this.signals };
    this.copies = {
      secrets: { region: standby.region, keyArn: keys.data },
      vault: this.vault(settings),
    };
    this.registerOutputs();
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

  /** Alarms on the age of replicated backups. */
  private watchBackups({ systems, standby, settings }: HeldArgs): void {
    const { context, keys } = this;
    const { alarms } = this.signals;
    const databases = systems.flatMap(({ spec }) =>
      Object.entries(spec.stores).some(
        ([store, { kind }]) =>
          kind === "postgres" && standby.systems[spec.name]?.replicas[store] === undefined,
      )
        ? [primaryIdentifier(settings.prefix, spec.name)]
        : [],
    );
    if (databases.length > 0)
      new CopyAges(
        this.child("copy-ages"),
        { context, databases, logsKeyArn: keys.logs, alarmTopicArn: alarms.arn },
        this.inside,
      );
  }

  /** Copies what the systems store in the first region. */
  hold(args: HeldArgs): Held {
    const { context, keys, storeNetwork } = this;
    const { alarms, accessLogs } = this.signals;
    const { account, storage } = args.settings;
    this.watchBackups(args);
    const held = args.systems.map((system) => [
      system.spec.name,
      copiesOf({
        parent: this,
        context,
        keys,
        alarmTopicArn: alarms.arn,
        accessLogs,
        storeNetwork,
        ...args,
        firstRegion: account.region,
        logDays: storage.databaseLogDays,
        ...system,
        made: args.originals[system.spec.name]?.stores ?? {},
      }),
    ]);
    return Object.fromEntries(held) as Held;
  }
}
