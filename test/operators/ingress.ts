import type { Cluster } from "../cluster/cluster";
import type { KubeObject, Pod, Service } from "../cluster/types";
import { imageOf, ready } from "./pods";

interface Backend {
  service: { name: string; port: { name?: string; number?: number } };
}

interface Ingress extends KubeObject {
  spec: { rules: { host?: string; http: { paths: { path: string; backend: Backend }[] } }[] };
}

interface Condition {
  field: string;
  httpHeaderConfig?: { httpHeaderName: string; values: string[] };
}

interface Action {
  ForwardConfig: { TargetGroups: { ServiceName: string; ServicePort: string; Weight?: number }[] };
}

/** A request: the parts that the load balancer's rules match. */
export interface Asked {
  host: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
}

/** Version (the image's tag) → percentage of requests. */
export type Shares = Readonly<Record<string, number>>;

const PREFIX = "alb.ingress.kubernetes.io";

/**
 * The versions that a request may reach: through the Ingress's rules in order, the annotations of the load balancer's
 * controller, the Services and their selectors, to ready pods. Target groups without weight don't count, nor does the
 * number of pods in one. `nothing` is the share without a pod.
 */
export async function shares(
  cluster: Cluster,
  ref: { name: string; namespace: string },
  asked: Asked,
): Promise<Shares> {
  const { name, namespace } = ref;
  const ingress = await cluster.get<Ingress>({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace },
  });
  const groups = groupsOf(ingress, backendOf(ingress, asked));
  const all = groups.reduce((sum, { weight }) => sum + weight, 0);
  const found: Record<string, number> = {};
  for (const { service, weight } of groups.filter((group) => group.weight > 0)) {
    const pods = await podsOf(cluster, namespace, service);
    const versions = pods.length === 0 ? ["nothing"] : pods.map(tagOf);
    for (const version of versions)
      found[version] = (found[version] ?? 0) + (100 * weight) / all / versions.length;
  }
  return Object.fromEntries(Object.entries(found).map(([key, share]) => [key, Math.round(share)]));
}

/** Tag of a pod's image: its version. */
export const tagOf = (pod: Pod): string => imageOf(pod).split(":").at(-1) ?? "";

function backendOf(ingress: Ingress, asked: Asked): Backend["service"] {
  const paths = ingress.spec.rules
    .filter(({ host }) => host === asked.host)
    .flatMap(({ http }) => http.paths);
  const match = paths.find(
    ({ path, backend }) => isBelow(asked.path, path) && conditionsHold(ingress, backend.service.name, asked),
  );
  if (!match) throw new Error(`no rule of ${ingress.metadata.name} takes ${asked.host}${asked.path}`);
  return match.backend.service;
}

const isBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);

function conditionsHold({ metadata }: Ingress, service: string, { headers = {} }: Asked): boolean {
  const text = metadata.annotations?.[`${PREFIX}/conditions.${service}`];
  if (text === undefined) return true;
  return (JSON.parse(text) as Condition[]).every(({ field, httpHeaderConfig: header }) => {
    if (field !== "http-header" || header === undefined) throw new Error(`a condition on ${field}`);
    return header.values.includes(headers[header.httpHeaderName] ?? "");
  });
}

function groupsOf({ metadata }: Ingress, backend: Backend["service"]): { service: string; weight: number }[] {
  if (backend.port.name !== "use-annotation") return [{ service: backend.name, weight: 100 }];
  const text = metadata.annotations?.[`${PREFIX}/actions.${backend.name}`];
  if (text === undefined) throw new Error(`${metadata.name} has no action ${backend.name}`);
  const { TargetGroups } = (JSON.parse(text) as Action).ForwardConfig;
  return TargetGroups.map(({ ServiceName, Weight = 0 }) => ({ service: ServiceName, weight: Weight }));
}

async function podsOf(cluster: Cluster, namespace: string, name: string): Promise<Pod[]> {
  const service = await cluster.find<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
  });
  return service?.spec.selector === undefined ? [] : ready(cluster, namespace, service.spec.selector);
}
