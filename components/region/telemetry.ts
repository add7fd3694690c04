import { platformSlot, type Settings } from "../../config";
import type { Component } from "../base/component";
import type { OperatorReach } from "../base/operators";
import { httpsPort } from "../base/ports";
import { telemetryMetricsPorts } from "../cluster/telemetry/policies";
import { searchStore, TelemetryStores } from "../cluster/telemetry/stores";
import { Telemetry } from "../cluster/telemetry/telemetry";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";
import { tracedWorkloads } from "../system/traces";

/** Port of the domain that logs are searched in, by its key in the network; none where there is none. */
export const searchPorts = ({ logs }: Settings): Record<string, number> =>
  logs?.store === "opensearch" ? { [`${platformSlot}-${searchStore}`]: httpsPort } : {};

/** The operators' reach, with the collectors' metrics for Prometheus. */
export const reachWithTelemetry = (reach: OperatorReach, { logs, traces }: Settings): OperatorReach => ({
  ...reach,
  metricsPorts: [
    ...reach.metricsPorts,
    ...(logs === undefined && traces === undefined ? [] : telemetryMetricsPorts),
  ],
});

/** The collectors of logs and traces, if the stack file has them. */
export function telemetryInRegion(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  shared: RegionResources,
): Telemetry | undefined {
  const { context, settings, keys, network, cluster, platform, addresses, alarms } = shared;
  const { logs, traces } = settings;
  if (logs === undefined && traces === undefined) return undefined;
  const stores =
    logs &&
    new TelemetryStores(
      parent.child("telemetry", "stores"),
      {
        context,
        logs,
        traces,
        keys,
        clusterName: cluster.clusterName,
        network: network.dataNetwork(platformSlot),
        alarmTopicArn: alarms.arn,
      },
      parent.inside,
    );
  return new Telemetry(
    parent.child("telemetry"),
    {
      context,
      logs,
      traces,
      stores,
      ranges: addresses,
      publicCidrs: addresses.publicCidrs,
      searchCidrs: network.dataSubnets[platformSlot]?.cidrs ?? [],
      senders: systems.flatMap(({ spec }) => tracedWorkloads(spec)),
      mirrors: settings.imageMirrors,
      kubernetesVersion: settings.cluster.version,
      namespacesWaitFor: [...platform.priorityClasses, ...platform.admission],
      prometheus: platform.operators.prometheus,
    },
    { ...parent.inside, providers: { kubernetes: cluster.provider } },
  );
}
