import type { ReleaseSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { mainPort } from "../workload/ports";
import { pingService, pongService, previewService } from "../workload/rollout-names";

/** A public path, and the Service that it leads to. */
export interface Route {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** Its port; or `use-annotation`: the Ingress's annotation of the Service's name says where to. */
  readonly port: number | "use-annotation";
}

/** Release strategies by the workload's name. Default: a rolling update. */
export type Releases = Readonly<Record<string, ReleaseSettings>>;

/** A workload of which the load balancer serves two versions by weight. */
interface Weighed {
  readonly service: string;
  readonly port: number;
  readonly release: ReleaseSettings;
}

function weighed(workload: WorkloadSpec, releases: Releases): Weighed | undefined {
  const release = releases[workload.name];
  const main = mainPort(workload);
  if (release === undefined || release.strategy === "rolling") return undefined;
  if (workload.exposure === undefined) return undefined;
  if (workload.listen === undefined || main === undefined) return undefined;
  return { service: workload.listen.service, port: main.port, release };
}

/**
 * Paths of a workload's Services. Where a Rollout decides which version is asked, all paths lead to the one Service
 * that it knows: the other Services on the same pods lead to both versions.
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
  const two = weighed(workload, releases);
  if (two === undefined) return all.map(([path, to]) => ({ path, service: to, port: main.port }));
  return all.flatMap(([path]) => [
    // Of two rules for a path the first one counts that fits: a header makes the narrower one.
    ...(headerOf(two) === undefined ? [] : [{ path, service: previewService(service), port: main.port }]),
    { path, service, port: "use-annotation" as const },
  ]);
}

const headerOf = ({ release }: Weighed) => (release.strategy === "canary" ? release.header : undefined);

const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;

/** Whether a public path leads to where a workload serves its metrics, which are for Prometheus alone. */
function showsMetrics({ listen }: WorkloadSpec, paths: readonly string[]): boolean {
  const path = listen?.metrics?.path;
  return paths.some((one) => path === one || path?.startsWith(one.endsWith("/") ? one : `${one}/`) === true);
}

/** Name of the rule that hides a workload's metrics: its Service, unless that name is taken. */
function hiding(workload: WorkloadSpec, releases: Releases): string {
  const service = workload.listen?.service ?? workload.name;
  return weighed(workload, releases) === undefined ? service : `${service}-hidden`;
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

/** Public routes of some workloads: the longest path of a host first, as the load balancer tries them in order. */
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

/**
 * Annotations that a release's rules by `use-annotation` need from the start, or the load balancer's controller stops
 * at them, and with them at every Ingress of the load balancer. They say what Argo Rollouts writes first, letter for
 * letter. From then on they are the controller's alone: which of the two serves is known to it only, and to say it
 * wrongly, for a second, would send all requests to no pods. Source: argo-rollouts, `trafficrouting/alb/alb.go`.
 */
export function weightAnnotations(
  workloads: readonly WorkloadSpec[],
  releases: Releases,
): Record<string, string> {
  const all = workloads.flatMap((workload) => weighed(workload, releases) ?? []);
  return Object.fromEntries(
    all.map((each) => [key(`actions.${each.service}`), JSON.stringify(weights(each))]),
  );
}

/** Both Services lead to all pods until the controller has turned the first one to the first version. */
function weights({ service, port }: Weighed): object {
  const target = (name: string, weight: number) => ({
    ServiceName: name,
    ServicePort: String(port),
    Weight: weight,
  });
  const TargetGroups = [target(pingService(service), 0), target(pongService(service), 100)];
  return { Type: "forward", ForwardConfig: { TargetGroups } };
}

/** Conditions under which requests go to the new version whatever the weights. */
function headerAnnotations(workloads: readonly WorkloadSpec[], releases: Releases): Record<string, string> {
  const all = workloads.flatMap((workload) => weighed(workload, releases) ?? []);
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

/** Annotations that the routes' rules mean, and that are Plinth's to change. */
export const routeAnnotations = (
  workloads: readonly WorkloadSpec[],
  releases: Releases,
): Record<string, string> => ({
  ...hidingAnnotations(workloads, releases),
  ...headerAnnotations(workloads, releases),
});
