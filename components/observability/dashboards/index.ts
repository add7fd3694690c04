import { application } from "./application";
import { cost } from "./cost";
import { dashboard, type Dashboards, type Systems } from "./dashboard";
import { data } from "./data";
import { delivery } from "./delivery";
import { history } from "./history";
import { infrastructure } from "./infrastructure";
import { recovery } from "./recovery";

export interface DashboardsArgs {
  /** Namespaces by system. */
  readonly systems: Systems;
  /** CPU limit of the node pool. */
  readonly nodeCpus: number;
  /** Whether recorded series are written to a workspace for long-term metrics. */
  readonly history: boolean;
}

/** All dashboards, as files that Grafana reads. */
export const dashboards = ({ systems, nodeCpus, history: kept }: DashboardsArgs): Dashboards =>
  Object.fromEntries(
    [application, infrastructure(nodeCpus), data, delivery, recovery, cost, ...(kept ? [history] : [])].map(
      (plan) => [`${plan.uid}.json`, JSON.stringify(dashboard(plan, systems))],
    ),
  );
