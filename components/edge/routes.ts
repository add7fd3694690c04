import type { ReleaseSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { mainPort } from "../workload/ports";
import { pingService, pongService, previewService } from "../workload/rollout/names";

/** A public path, and its backend Service. */
export interface Route {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** Its port; or `use-annotation`: the Ingress's annotation with the Service's name has the targets. */
  readonly port: number | "use-annotation";
}

/** Release strategies by the workload's name. Default: a rolling update. */
export type Releases = Readonly<Record<string, ReleaseSettings>>;

/** A workload whose two versions the load balancer weights. */
interface Weighted {
  readonly service: string;
  readonly port: number;
  readonly release: ReleaseSettings;
}

function weighted(workload: WorkloadSpec, releases: Releases): Weighted | undefined {
  const release = releases[workload.name];
  const main = mainPort(workload);
  if (release === undefined || release.strategy === "rolling") return undefined;
  if (workload.exposure === undefined) return undefined;
  if (workload.listen === undefined || main === undefined) return undefined;
  return { service: workload.listen.service, port: main.port, release };
}

/**
 * Paths of a workload's Services. If a Rollout splits the traffic, all paths lead to the one Service that it manages:
 * other Services on the same pods select both versions.
 */
function backends(
  workload: WorkloadSpec,
  paths: readonly string[],
  releases: Releases,
): Omit<Route, "host">[] {
  const main = mainPort(workload);
  if (main === undefined || workload.listen === undefined) return [];
  const { service, additionalServices = {} } = workload.listen;
  const all = [
    ...Object.entries(additionalServices),
    ...paths.map((path): [string, string] => [path, service]),
  ];
  const two = weighted(workload, releases);
  if (two === undefined) return all.map(([path, to]) => ({ path, service: to, port: main.port }));
  return all.flatMap(([path]) => [
    // The first matching rule for a path wins, so the rule with a header condition comes first.
    ...(headerOf(two) === undefined ? [] : [{ path, service: previewService(service), port: main.port }]),
    { path, service, port: "use-annotation" as const },
  ]);
}

const headerOf = ({ release }: Weighted) => (release.strategy === "canary" ? release.header : undefined);

const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;

/** Whether a public path exposes a workload's metrics, which are only for Prometheus. */
function showsMetrics({ listen }: WorkloadSpec, paths: readonly string[]): boolean {
  const path = listen?.metrics?.path;
  return paths.some((one) => path === one || path?.startsWith(one.endsWith("/") ? one : `${one}/`) === true);
}

/** Name of the rule that hides a workload's metrics: its Service's, unless that name is taken. */
function hiding(workload: WorkloadSpec, releases: Releases): string {
  const service = workload.listen?.service ?? workload.name;
  return weighted(workload, releases) === undefined ? service : `${service}-hidden`;
}

function hidden(workload: WorkloadSpec, paths: readonly string[], releases: Releases): Omit<Route, "host">[] {
  const path = workload.listen?.metrics?.path;
  if (path === undefined || !showsMetrics(workload, paths)) return [];
  return [{ path, service: hiding(workload, releases), port: "use-annotation" }];
}

/** Annotations that answer those rules with 404. */
function hidingAnnotations(workloads: readonly WorkloadSpec[], releases: Releases): Record<string, string> {
  const paths = ({ exposure = [] }: WorkloadSpec) => exposure.flatMap((one) => one.paths);
  const shown = workloads.filter((workload) => showsMetrics(workload, paths(workload)));
  const FixedResponseConfig = { ContentType: "text/plain", StatusCode: "404" };
  const action = JSON.stringify({ Type: "fixed-response", FixedResponseConfig });
  return Object.fromEntries(shown.map((workload) => [key(`actions.${hiding(workload, releases)}`), action]));
}

/** Public routes of some workloads, the longest path of a host first: the load balancer evaluates them in order. */
export function routesOf(
  workloads: readonly WorkloadSpec[],
  hosts: Readonly<Record<string, string>>,
  releases: Releases = {},
): Route[] {
  const routes = workloads.flatMap((workload) =>
    (workload.exposure ?? []).flatMap(({ host: key, paths }) => {
      const host = hosts[key];
      const all = [...hidden(workload, paths, releases), ...backends(workload, paths, releases)];
      return host === undefined ? [] : all.map((each) => ({ host, ...each }));
    }),
  );
  return routes.sort(
    (one, other) =>
      one.host.localeCompare(other.host) ||
      other.path.length - one.path.length ||
      one.path.localeCompare(other.path),
  );
}

/** The route that serves a path of a host. Of several with one path, the last: those before it have conditions. */
export function routeTo(routes: readonly Route[], host: string, path: string): Route | undefined {
  const matching = routes.filter(
    (route) =>
      route.host === host && (route.path === "/" || route.path === path || path.startsWith(`${route.path}/`)),
  );
  return matching.findLast((route) => route.path === matching[0]?.path);
}

/**
 * Initial annotations for a release's rules with `use-annotation`. Without them the load balancer's controller fails to
 * reconcile every Ingress of the load balancer. They equal what Argo Rollouts writes first, byte for byte. From then on
 * only Argo Rollouts changes them: only it knows which version serves, and a wrong value would send all requests to no
 * pods. Source: argo-rollouts, `trafficrouting/alb/alb.go`.
 */
export function weightAnnotations(
  workloads: readonly WorkloadSpec[],
  releases: Releases,
): Record<string, string> {
  const all = workloads.flatMap((workload) => weighted(workload, releases) ?? []);
  return Object.fromEntries(
    all.map((each) => [key(`actions.${each.service}`), JSON.stringify(weights(each))]),
  );
}

/** Both Services select all pods until the controller points the first one to the first version. */
function weights({ service, port }: Weighted): object {
  const target = (name: string, weight: number) => ({
    ServiceName: name,
    ServicePort: String(port),
    Weight: weight,
  });
  const TargetGroups = [target(pingService(service), 0), target(pongService(service), 100)];
  return { Type: "forward", ForwardConfig: { TargetGroups } };
}

/** Conditions that route requests to the new version regardless of the weights. */
function headerAnnotations(workloads: readonly WorkloadSpec[], releases: Releases): Record<string, string> {
  const all = workloads.flatMap((workload) => weighted(workload, releases) ?? []);
  return Object.fromEntries(
    all.flatMap((each) => {
      const header = headerOf(each);
      if (header === undefined) return [];
      const httpHeaderConfig = { httpHeaderName: header.name, values: [header.value] };
      const condition = [{ field: "http-header", httpHeaderConfig }];
      return [[key(`conditions.${previewService(each.service)}`), JSON.stringify(condition)]];
    }),
  );
}

/** Annotations for the routes' rules that Plinth may change. */
export const routeAnnotations = (
  workloads: readonly WorkloadSpec[],
  releases: Releases,
): Record<string, string> => ({
  ...hidingAnnotations(workloads, releases),
  ...headerAnnotations(workloads, releases),
});
