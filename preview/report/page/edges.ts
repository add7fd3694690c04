import { BlockList, isIPv4 } from "node:net";

import { isObject, type Wire } from "../../wire";
import type { PlannedResource } from "../json";
import { at, kindOf, list, text, type PlanTree } from "../plan-tree";
import type { Edge, Item } from "./picture";

/** An item and its parts: pods by namespace and labels, Services, a service account, ports, names in the cloud. */
interface Peer {
  item: Item;
  held: readonly PlannedResource[];
}

/** Connections: routes of load balancers, network policies with the stores' ports and subnets, and IAM. */
export function edgesOf(
  plan: PlanTree,
  resources: readonly PlannedResource[],
  items: readonly Item[],
): Edge[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const peers = items.flatMap((item): Peer[] => {
    const resource = byUrn.get(item.id);
    return resource === undefined ? [] : [{ item, held: [resource, ...plan.below(resource)] }];
  });
  const of = (kind: Item["kind"]) => peers.filter(({ item }) => item.kind === kind);
  const found = [
    ...routes(resources, of("balancer"), of("workload")),
    ...policies(resources, peers, of("subnet")),
    ...grants(resources, of("workload"), of("store")),
  ];
  return [...new Map(found.map((edge) => [`${edge.from} ${edge.to} ${edge.kind}`, edge])).values()];
}

const ofKind = (resources: readonly PlannedResource[], kind: string) =>
  resources.filter((resource) => kindOf(resource) === kind);

function routes(
  resources: readonly PlannedResource[],
  balancers: readonly Peer[],
  workloads: readonly Peer[],
): Edge[] {
  const serving = (service: string) =>
    workloads.find(({ held }) =>
      ofKind(held, "Service").some(({ inputs }) => text(at(inputs, "metadata", "name")) === service),
    );
  const shared = balancers.find(({ item }) => item.id.includes("IngressClassParams"));
  const open = balancers.map(({ item }): Edge => ({
    from: "internet",
    to: item.id,
    label: "public",
    kind: "route",
  }));
  const hosts = ofKind(resources, "Ingress").flatMap(({ inputs }) =>
    list(at(inputs, "spec", "rules")).flatMap((rule) =>
      list(at(rule, "http", "paths")).flatMap((path): Edge[] => {
        const to = serving(text(at(path, "backend", "service", "name")));
        if (to === undefined || shared === undefined) return [];
        return [{ from: shared.item.id, to: to.item.id, label: text(at(rule, "host")), kind: "route" }];
      }),
    ),
  );
  const bound = ofKind(resources, "TargetGroupBinding").flatMap(({ inputs }): Edge[] => {
    const to = serving(text(at(inputs, "spec", "serviceRef", "name")));
    const from = balancers.find(({ item }) => item !== shared?.item && item.system === to?.item.system);
    if (to === undefined || from === undefined) return [];
    return [{ from: from.item.id, to: to.item.id, label: "syslog", kind: "route" }];
  });
  return [...open, ...hosts, ...bound];
}

/** Labels of a workload's pods, and their namespace; of a chart's, its name. */
function podsOf({
  item,
  held,
}: Peer): { namespace: string; labels: Readonly<Record<string, Wire>> } | undefined {
  const owner = held.find((each) => ["Deployment", "Rollout"].includes(kindOf(each) ?? ""));
  if (owner !== undefined) {
    const labels = at(owner.inputs, "spec", "template", "metadata", "labels");
    return {
      namespace: text(at(owner.inputs, "metadata", "namespace")),
      labels: isObject(labels) ? labels : {},
    };
  }
  const release = held.find(({ type }) => type === "kubernetes:helm.sh/v3:Release");
  if (release === undefined) return undefined;
  return { namespace: text(release.inputs.namespace), labels: { "app.kubernetes.io/name": item.label } };
}

const selects = (selector: Wire | undefined, labels: Readonly<Record<string, Wire>>): boolean =>
  Object.entries(isObject(selector) && isObject(selector.matchLabels) ? selector.matchLabels : {}).every(
    ([key, value]) => labels[key] === value,
  );

function policies(
  resources: readonly PlannedResource[],
  peers: readonly Peer[],
  subnets: readonly Peer[],
): Edge[] {
  const running = peers.flatMap((peer) => {
    const pods = podsOf(peer);
    return pods === undefined ? [] : [{ ...peer, ...pods }];
  });
  const stores = peers.flatMap((peer) => {
    const ports = portsOf(peer.held);
    return peer.item.kind === "store" && ports.length > 0 ? [{ ...peer, ports }] : [];
  });
  return ofKind(resources, "NetworkPolicy").flatMap(({ inputs }) => {
    const namespace = text(at(inputs, "metadata", "namespace"));
    const selector = at(inputs, "spec", "podSelector");
    // One that selects every pod is the namespace's own: DNS and the like.
    if (
      Object.keys(isObject(selector) && isObject(selector.matchLabels) ? selector.matchLabels : {}).length ===
      0
    )
      return [];
    const own = running.filter((pods) => pods.namespace === namespace && selects(selector, pods.labels));
    return own.flatMap(({ item }) =>
      list(at(inputs, "spec", "egress")).flatMap((rule) => {
        const ports = list(at(rule, "ports")).map((port) => text(at(port, "port")));
        const label = `TCP ${ports.join(", ")}`;
        return list(at(rule, "to")).flatMap((to): Edge[] => {
          const cidr = text(at(to, "ipBlock", "cidr"));
          const reached =
            cidr === ""
              ? running.filter((pods) => isPeer(to, namespace, pods))
              : stores.filter(
                  (store) =>
                    ports.some((port) => store.ports.includes(port)) && isIn(store.item, subnets, cidr),
                );
          return reached
            .filter((other) => other.item !== item)
            .map((other) => ({ from: item.id, to: other.item.id, label, kind: "network" }));
        });
      }),
    );
  });
}

function isPeer(
  to: Wire,
  own: string,
  pods: { namespace: string; labels: Readonly<Record<string, Wire>> },
): boolean {
  const namespace = at(to, "namespaceSelector");
  const there =
    namespace === undefined
      ? pods.namespace === own
      : selects(namespace, { "kubernetes.io/metadata.name": pods.namespace, name: pods.namespace });
  return there && isObject(at(to, "podSelector")) && selects(at(to, "podSelector"), pods.labels);
}

/** Whether a block of a policy contains the addresses of a store's subnets. */
function isIn(store: Item, subnets: readonly Peer[], cidr: string): boolean {
  const [address = "", bits = "32"] = cidr.split("/");
  if (!isIPv4(address)) return false;
  const block = new BlockList();
  block.addSubnet(address, Number(bits));
  return subnets.some(
    ({ item }) => item.parent === store.parent && block.check(item.note.split("/")[0] ?? ""),
  );
}

/** Ports that a store's resources listen on. Defaults: those of the engines. */
function portsOf(held: readonly PlannedResource[]): string[] {
  const ports: Record<string, number> = {
    "aws:rds/instance:Instance": 5432,
    "aws:elasticache/replicationGroup:ReplicationGroup": 6379,
    "aws:efs/fileSystem:FileSystem": 2049,
  };
  return held.flatMap(({ type, inputs }) => (type in ports ? [text(inputs.port ?? ports[type])] : []));
}

/** What a workload's service account may use, by the names in its role's policies. */
function grants(
  resources: readonly PlannedResource[],
  workloads: readonly Peer[],
  stores: readonly Peer[],
): Edge[] {
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const policiesOf = (role: string) =>
    of("aws:iam/rolePolicy:RolePolicy").filter(({ options }) =>
      options.propertyDependencies?.role?.includes(role),
    );
  return of("aws:eks/podIdentityAssociation:PodIdentityAssociation").flatMap(({ inputs, options }) => {
    const workload = workloads.find(({ held }) =>
      held.some(
        (each) =>
          text(at(each.inputs, "metadata", "namespace")) === inputs.namespace &&
          text(at(each.inputs, "spec", "template", "spec", "serviceAccountName")) === inputs.serviceAccount,
      ),
    );
    const documents = (options.propertyDependencies?.roleArn ?? [])
      .flatMap(policiesOf)
      .map(({ inputs: of }) => JSON.stringify(of.policy));
    return stores.flatMap(({ item, held }): Edge[] => {
      const names = held.flatMap(({ type, inputs: of }) =>
        type === "aws:s3/bucket:Bucket"
          ? [text(of.bucket)]
          : type === "aws:sqs/queue:Queue"
            ? [text(of.name)]
            : [],
      );
      const granted = names.some(
        (name) => name !== "" && documents.some((document) => document.includes(`:${name}`)),
      );
      if (workload === undefined || !granted) return [];
      return [{ from: workload.item.id, to: item.id, label: "IAM", kind: "iam" }];
    });
  });
}
