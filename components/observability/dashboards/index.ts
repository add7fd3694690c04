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
  /** CPUs that the node pool may have. */
  readonly nodeCpus: number;
  /** Whether recorded series are kept for long. */
  readonly history: boolean;
}

/** All dashboards, as files that Grafana reads. */
export const dashboards = ({ systems, nodeCpus, history: kept }: DashboardsArgs): Dashboards =>
  Object.fromEntries(
    [application, infrastructure(nodeCpus), data, delivery, recovery, cost, ...(kept ? [history] : [])].map(
      (plan) => [`${plan.uid}.json`, JSON.stringify(dashboard(plan, systems))],
    ),
  );
