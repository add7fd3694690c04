import type { CanarySettings, ReleaseSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { mainPort } from "../workload/ports";
import { canaryService } from "../workload/release-names";

/** A public path, and the Service that it leads to. */
export interface Route {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** Its port; or `use-annotation`: the Ingress's annotation of the Service's name says where to. */
  readonly port: number | "use-annotation";
}

/** How workloads' new versions come in, by the workload's name. Default: by a rolling update. */
export type Releases = Readonly<Record<string, ReleaseSettings>>;

/** A workload that the load balancer weighs two versions of. */
interface Weighed {
  readonly service: string;
  readonly port: number;
  readonly release: CanarySettings;
}

function weighed(workload: WorkloadSpec, releases: Releases): Weighed | undefined {
  const release = releases[workload.name];
  const main = mainPort(workload);
  if (release?.strategy !== "canary" || workload.exposure === undefined) return undefined;
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
  const { service, facets = {} } = workload.listen;
  const all = [...Object.entries(facets), ...paths.map((path): [string, string] => [path, service])];
  const canary = weighed(workload, releases);
  if (canary !== undefined)
    return all.flatMap(([path]) => [
      // Of two rules for a path the first one counts that fits: a header makes the narrower one.
      ...(canary.release.header === undefined
        ? []
        : [{ path, service: canaryService(service), port: main.port }]),
      { path, service, port: "use-annotation" as const },
    ]);
  const switched = releases[workload.name]?.strategy === "blue-green";
  return all.map(([path, to]) => ({ path, service: switched ? service : to, port: main.port }));
}

const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;

/** Whether one of the public paths leads to where a workload tells its metrics, which are for Prometheus alone. */
function showsMetrics({ listen }: WorkloadSpec, paths: readonly string[]): boolean {
  const path = listen?.metrics?.path;
  return paths.some((one) => path === one || path?.startsWith(one.endsWith("/") ? one : `${one}/`) === true);
}

/** What the rule that hides a workload's metrics is called: its Service, unless that name has another meaning. */
const hiding = ({ listen, name }: WorkloadSpec, releases: Releases): string =>
  releases[name]?.strategy === "canary" ? `${listen?.service ?? name}-hidden` : (listen?.service ?? name);

function hidden(workload: WorkloadSpec, paths: readonly string[], releases: Releases): Omit<Route, "host">[] {
  const path = workload.listen?.metrics?.path;
  if (path === undefined || !showsMetrics(workload, paths)) return [];
  return [{ path, service: hiding(workload, releases), port: "use-annotation" }];
}

/** Annotations that answer the rules above: as if there were nothing. */
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
 * Annotations that a release's rules by `use-annotation` need from the start, or the load balancer's controller stops at them, and
 * with them at every Ingress of the load balancer. They say what Argo Rollouts writes while no version comes in,
 * letter for letter; while one does, it writes the weights. Source: argo-rollouts, `trafficrouting/alb/alb.go`.
 */
function releaseAnnotations(workloads: readonly WorkloadSpec[], releases: Releases): Record<string, string> {
  const canaries = workloads.flatMap((workload) => weighed(workload, releases) ?? []);
  const annotations = Object.fromEntries(canaries.flatMap(annotationsOf));
  // The weights are the controller's: with every change of the Ingress ours come first, and it mends them at once.
  return canaries.length === 0 ? {} : { ...annotations, "pulumi.com/patchForce": "true" };
}

function annotationsOf({ service, port, release: { header } }: Weighed): [string, string][] {
  const target = (name: string, weight: number) => ({
    ServiceName: name,
    ServicePort: String(port),
    Weight: weight,
  });
  const TargetGroups = [target(canaryService(service), 0), target(service, 100)];
  const action = { Type: "forward", ForwardConfig: { TargetGroups } };
  const condition = (name: string, value: string) => [
    { field: "http-header", httpHeaderConfig: { httpHeaderName: name, values: [value] } },
  ];
  return [
    [key(`actions.${service}`), JSON.stringify(action)],
    ...(header === undefined
      ? []
      : [
          [
            key(`conditions.${canaryService(service)}`),
            JSON.stringify(condition(header.name, header.value)),
          ] satisfies [string, string],
        ]),
  ];
}

/** Annotations that the routes' rules by `use-annotation` mean. */
export const routeAnnotations = (
  workloads: readonly WorkloadSpec[],
  releases: Releases,
): Record<string, string> => ({
  ...hidingAnnotations(workloads, releases),
  ...releaseAnnotations(workloads, releases),
});
