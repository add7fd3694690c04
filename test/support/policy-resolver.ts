import { ip2long, Netmask } from "netmask";
import { selects } from "../cluster/selectors";
import type { Labels, Selector } from "../cluster/types";

/**
 * Allowed traffic of network policies, as AWS' controller resolves them: to addresses of pods and Services, which the
 * agent on the node compares with packets before a Service's address is translated to a pod's. Source:
 * amazon-network-policy-controller-k8s, `pkg/resolvers/endpoints.go` and `pkg/k8s/service_utils.go`.
 */

export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  readonly ports: readonly { port: number; targetPort: number | string; protocol: string }[];
}

export interface ClusterPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly ports: readonly { name?: string; containerPort: number; protocol: string }[];
}

export interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

interface Port {
  readonly protocol: string;
  readonly port: number;
}

export interface Policy {
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: Selector;
  readonly egress: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
}

export interface World {
  /** Labels of each namespace. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly services: readonly ClusterService[];
  readonly pods: readonly ClusterPod[];
  readonly policies: readonly Policy[];
}

const namespacesOf = (world: World, policy: Policy, { namespaceSelector }: Peer): string[] =>
  namespaceSelector === undefined
    ? [policy.namespace]
    : [...world.namespaces].filter(([, labels]) => selects(namespaceSelector, labels)).map(([name]) => name);

/** A peer without a pod selector selects all pods. */
const chosen = (peer: Peer, labels: Labels) => selects(peer.podSelector ?? {}, labels);

/** Pod port of a Service's target: by number, or the first container port with the name. */
const target = (pod: ClusterPod, targetPort: number | string, protocol: string): number | undefined =>
  typeof targetPort === "number"
    ? targetPort
    : pod.ports.find((port) => port.name === targetPort && port.protocol === protocol)?.containerPort;

const behind = (world: World, service: ClusterService): ClusterPod[] =>
  world.pods.filter(
    (pod) => pod.namespace === service.namespace && selects({ matchLabels: service.selector }, pod.labels),
  );

/** Ports of a Service that a rule for its pods should allow: those whose target is a port of the rule. */
const wanted = (world: World, service: ClusterService, ports: readonly Port[]): ClusterService["ports"] =>
  service.ports.filter(({ targetPort, protocol }) =>
    behind(world, service).some((pod) =>
      ports.some((one) => one.protocol === protocol && one.port === target(pod, targetPort, protocol)),
    ),
  );

/** Port of the Service that AWS' controller finds for a port of the rule: the first with that target. */
function listenPort(world: World, service: ClusterService, { port, protocol }: Port): number | undefined {
  const direct = service.ports.find((one) => one.targetPort === port && one.protocol === protocol);
  if (direct !== undefined) return direct.port;
  for (const pod of behind(world, service)) {
    const { name } = pod.ports.find((one) => one.containerPort === port && one.protocol === protocol) ?? {};
    const found = service.ports.find((one) => one.targetPort === name && one.protocol === protocol);
    if (name !== undefined && found !== undefined) return found.port;
  }
  return undefined;
}

/** Whether a named target is, on some pod, a port that the rule doesn't have: then the Service isn't allowed. */
const leadsAside = (world: World, service: ClusterService, listen: number, ports: readonly Port[]): boolean =>
  service.ports.some(
    ({ port, targetPort, protocol }) =>
      port === listen &&
      typeof targetPort === "string" &&
      behind(world, service).some((pod) => {
        const found = target(pod, targetPort, protocol);
        return found !== undefined && !ports.some((one) => one.port === found && one.protocol === protocol);
      }),
  );

/** Ports of a Service's address that a rule allows for a peer. */
export function opened(world: World, peer: Peer, service: ClusterService, ports: readonly Port[]): number[] {
  // Here the policy's selector is compared with the Service's selector, not with the pods' labels.
  if (!chosen(peer, service.selector)) return [];
  return ports.flatMap((port) => {
    const listen = listenPort(world, service, port);
    return listen === undefined || leadsAside(world, service, listen, ports) ? [] : [listen];
  });
}

/** Egress rules to pods that don't work: no pod matches, or the pods' Services aren't allowed. */
export function blockedWays(world: World): string[] {
  return world.policies.flatMap((policy) =>
    policy.egress.flatMap(({ to = [], ports = [] }) =>
      to
        .filter(({ ipBlock }) => ipBlock === undefined)
        .flatMap((peer) => {
          const where = `${policy.namespace}/${policy.name}`;
          const namespaces = namespacesOf(world, policy, peer);
          const pods = world.pods.filter(
            (pod) => namespaces.includes(pod.namespace) && chosen(peer, pod.labels),
          );
          if (pods.length === 0) return [`${where}: selects no pod: ${JSON.stringify(peer)}`];
          return world.services
            .filter((service) => behind(world, service).some((pod) => pods.includes(pod)))
            .flatMap((service) => {
              const open = opened(world, peer, service, ports);
              return wanted(world, service, ports)
                .filter(({ port }) => !open.includes(port))
                .map(({ port }) => `${where}: ${service.namespace}/${service.name}:${port} stays closed`);
            });
        }),
    ),
  );
}

const overlaps = (one: Netmask, other: Netmask) => one.contains(other.base) || other.contains(one.base);

/** Whether a block allows some address of a range: they overlap, and no exception covers the overlap. */
function meets({ cidr, except = [] }: NonNullable<Peer["ipBlock"]>, range: string): boolean {
  const [block, wanted] = [new Netmask(cidr), new Netmask(range)];
  if (!overlaps(block, wanted)) return false;
  const shared = ip2long(block.base) > ip2long(wanted.base) || block.size < wanted.size ? block : wanted;
  return !except.some((one) => new Netmask(one).contains(shared));
}

/** Whether pods of a namespace with these labels may send to some address of a range, by blocks of addresses. */
export const reaches = (
  world: World,
  pod: Pick<ClusterPod, "namespace" | "labels">,
  range: string,
  port: number,
): boolean =>
  world.policies
    .filter(({ namespace, podSelector }) => namespace === pod.namespace && selects(podSelector, pod.labels))
    .some(({ egress }) =>
      egress.some(
        ({ to, ports }) =>
          // Without peers a rule means every address, and without ports every port.
          (ports === undefined || ports.some((one) => one.port === port)) &&
          (to === undefined || to.some(({ ipBlock }) => ipBlock !== undefined && meets(ipBlock, range))),
      ),
    );
