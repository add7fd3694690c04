import { application } from "./application";
import { cost } from "./cost";
import { dashboard, type Dashboards, type Systems } from "./dashboard";
import { data } from "./data";
import { delivery } from "./delivery";
import { infrastructure } from "./infrastructure";
import { recovery } from "./recovery";

export interface DashboardsArgs {
  /** Namespaces by system. */
  readonly systems: Systems;
  /** CPUs that the node pool may have. */
  readonly nodeCpus: number;
}

/** All dashboards, as files that Grafana reads. */
export const dashboards = ({ systems, nodeCpus }: DashboardsArgs): Dashboards =>
  Object.fromEntries(
    [application, infrastructure(nodeCpus), data, delivery, recovery, cost].map((plan) => [
      `${plan.uid}.json`,
      JSON.stringify(dashboard(plan, systems)),
    ]),
  );
