import { releaseOf, type SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Operators } from "../base/operators";
import type { Alert } from "../observability/alerts/alert";
import { databaseAlerts } from "../observability/alerts/databases";
import { consumerAlerts, podAlerts, rolloutAlerts } from "../observability/alerts/pods";
import { objectiveAlerts, requestAlerts } from "../observability/alerts/requests";
import { alertRule } from "../observability/alerts/rule";
import { databaseExporters } from "./database-exporters";
import { natsNamespaces } from "./wiring";

interface SystemAlertsArgs {
  readonly spec: SystemSpec;
  readonly settings: Pick<SystemSettings, "workloads" | "objectives">;
  readonly operators: Operators;
}

/** Minutes for which HighErrorRate must hold unless the system's document says otherwise. */
const errorMinutes = 5;

/** Alerts on a workload's requests; none if it serves no metrics. */
function workloadAlerts(
  { listen, namespace, exposure }: WorkloadSpec,
  team: string,
  objectives: SystemSettings["objectives"],
): Alert[] {
  if (listen?.metrics === undefined) return [];
  const { metrics, service } = listen;
  const served = { namespace, service, team, errorMinutes: metrics.errorMinutes ?? errorMinutes };
  return [
    ...requestAlerts(served, metrics.queries === true),
    ...(exposure === undefined || objectives === undefined
      ? []
      : objectiveAlerts(served, objectives.availabilityPercent)),
  ];
}

/** Alerts on a system. The responsible team has the system's name. */
function systemAlerts({ spec, settings }: Pick<SystemAlertsArgs, "spec" | "settings">): Alert[] {
  const { namespaces, name: team } = spec;
  const workloads = Object.entries(spec.workloads).filter(([key]) => settings.workloads[key] !== undefined);
  const rollouts = workloads.some(([key]) => releaseOf(settings.workloads[key] ?? {}).strategy !== "rolling");
  return [
    ...workloads.flatMap(([, workload]) => workloadAlerts(workload, team, settings.objectives)),
    ...podAlerts({ namespaces, team }),
    ...(rollouts ? rolloutAlerts({ namespaces, team }) : []),
    ...databaseExporters(spec).flatMap(({ database, exporter: { name: service, namespace } }) =>
      databaseAlerts({ namespace, service, owner: database.user, team }),
    ),
    ...natsNamespaces(spec).flatMap((namespace) => consumerAlerts(namespace, team)),
  ];
}

/** Has Prometheus evaluate the system's alerts, if Prometheus is configured. */
export function systemRules(parent: Component, key: string, args: SystemAlertsArgs): void {
  const { prometheus } = args.operators;
  if (prometheus === undefined) return;
  const { name } = args.spec;
  alertRule(parent, key, { name, system: name, alerts: systemAlerts(args), waitsFor: prometheus });
}
