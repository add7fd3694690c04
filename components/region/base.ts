import { copiesTo, platformSlot, type Settings } from "../../config";
import type { Component } from "../base/component";
import { contextOf, type Context, type KeyArns } from "../base/context";
import { physicalName } from "../base/naming";
import type { ConfiguredSystem } from "./configured-systems";
import type { Cdn } from "../edge/cdn";
import { outboundOf } from "../network/nat-egress";
import { Network } from "../network/network";
import { AlarmTopic } from "../observability/alarm-topic";
import { copyEventsRule, databaseEvents, databaseEventsRule, eventAlarm } from "../observability/event-alarm";
import type { Copies, RegionBase } from "./resources";
import { Keys } from "../security/keys";
import { AccessLogs } from "../storage/access-logs";
import { restoreTestsRule } from "../storage/restore-tests";
import { dataPorts, rotatedStores } from "../system/wiring";
import { searchPorts } from "./telemetry";

interface BaseArgs {
  readonly settings: Settings;
  /** The CDN in front of the load balancer. Default: none. */
  readonly cdn?: Cdn | undefined;
  /** The second region, which holds copies. Default: none. */
  readonly copies?: Copies | undefined;
}

/** Keys, the network, the topic for alarms, and the bucket for access logs. */
export function regionBase(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  args: BaseArgs,
): RegionBase {
  const { settings, cdn, copies } = args;
  const context: Context = { ...contextOf(settings), secretCopies: copies?.secrets };
  const keys = new Keys(
    parent.child("keys"),
    {
      context,
      copiesTo: copiesTo(settings.backups),
      spot: settings.cluster.nodePool.capacity === "spot",
    },
    parent.inside,
  );
  const network = networkOf(parent, systems, settings, { context, keys });
  const signals = regionSignals(parent, {
    context,
    settings,
    keys,
    rules: otherRules(args),
    cdn: cdn !== undefined,
  });
  return { context, keys, network, ...signals };
}

function networkOf(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  settings: BaseArgs["settings"],
  { context, keys }: Pick<RegionBase, "context" | "keys">,
): Network {
  const ports = systems.map(({ spec }) => [spec.name, dataPorts(spec)] as const);
  const rotated = systems.flatMap(({ spec }) => rotatedStores(spec));
  const search = searchPorts(settings);
  return new Network(
    parent.child("network"),
    {
      context,
      settings: settings.network,
      clusterName: physicalName("cluster", context.prefix),
      keys,
      dataPorts: Object.assign({}, ...ports.map(([, own]) => own), search) as Record<string, number>,
      outbound: outboundOf(settings),
      dataSystems: [
        ...ports.filter(([, own]) => Object.keys(own).length > 0).map(([name]) => name),
        ...(Object.keys(search).length > 0 ? [platformSlot] : []),
      ],
      rotated: settings.credentials.rotationDays > 0 ? rotated : [],
      shell: settings.network.shellAccess ? [...rotated, ...Object.keys(search)] : undefined,
    },
    parent.inside,
  );
}

/** Rules of EventBridge that publish to the topic, besides the one on databases. */
function otherRules({ settings, copies }: BaseArgs): string[] {
  const { backups, prefix } = settings;
  const { vault } = backups;
  const copied = copies?.vault !== undefined || vault?.copyTo !== undefined;
  return [
    ...(vault?.restoreTests === undefined ? [] : [restoreTestsRule(prefix)]),
    ...(copied ? [copyEventsRule(prefix)] : []),
  ];
}

export interface SignalArgs {
  readonly context: Context;
  readonly settings: Pick<Settings, "alarms" | "storage">;
  readonly keys: Pick<KeyArns, "alarms">;
  /** Names of further rules of EventBridge that may publish to the topic. Default: none. */
  readonly rules?: readonly string[];
  /** Whether CloudFront delivers its logs to the bucket. Default: false. */
  readonly cdn?: boolean;
}

/** What reports of a region: the topic for alarms, the alarm on events of RDS, and the bucket for access logs. */
export function regionSignals(
  parent: Component,
  { context, settings, keys, rules = [], cdn = false }: SignalArgs,
): Pick<RegionBase, "alarms" | "accessLogs"> {
  const { prefix } = context;
  const alarms = new AlarmTopic(
    parent.child("alarms"),
    { context, settings: settings.alarms, keys, rules: [databaseEventsRule(prefix), ...rules] },
    parent.inside,
  );
  eventAlarm(parent, "database-events", { ...databaseEvents(prefix), alarmTopicArn: alarms.arn });
  const accessLogs = new AccessLogs(
    parent.child("access-logs"),
    { context, days: settings.storage.accessLogDays, cdn },
    parent.inside,
  );
  return { alarms, accessLogs };
}
