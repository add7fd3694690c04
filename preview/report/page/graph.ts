import type { PlannedResource } from "../json";
import { at, kindOf, PlanTree, text } from "../plan-tree";
import { systemsOf } from "../systems";
import { edgesOf } from "./edges";
import type { Box, Graph, Item } from "./picture";

const SUBNET = "aws:ec2/subnet:Subnet";
const STORES = [
  "data:Postgres",
  "data:Cache",
  "storage:Bucket",
  "storage:Files",
  "messaging:Queue",
  "messaging:SesMail",
];

/** The picture of a plan; empty for a program without regions. */
export function graphOf(resources: readonly PlannedResource[]): Graph {
  const plan = new PlanTree(resources);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const boxes: Box[] = [];
  const items: Item[] = [];
  const systems = systemsOf(resources)
    .map(({ name }) => name)
    .sort((a, b) => b.length - a.length);
  const systemOf = (name: string) => systems.find((system) => `${name}-`.includes(`-${system}-`)) ?? "";
  const add = (item: Omit<Item, "system">, name: string) =>
    void items.push({ ...item, system: systemOf(name) });

  // The second region's cluster is a part of that region.
  const isRegion = ({ type }: PlannedResource) => type === "plinth:region:Region";
  for (const region of resources.filter((each) => isRegion(each) && !plan.parents(each).some(isRegion))) {
    const inside = plan.below(region);
    const of = (type: string) => inside.filter((resource) => resource.type === type);
    boxes.push({ id: region.urn, label: `Region ${zoneOf(of(SUBNET)[0]).slice(0, -1)}`, parent: undefined });
    const [vpc] = of("aws:ec2/vpc:Vpc");
    if (vpc !== undefined)
      boxes.push({ id: vpc.urn, label: `VPC ${text(vpc.inputs.cidrBlock)}`, parent: region.urn });
    const groupOf = (subnet: PlannedResource) => subnet.name.slice(0, -zoneOf(subnet).length - 1);
    for (const subnet of of(SUBNET)) {
      const group = groupOf(subnet);
      if (!boxes.some(({ id }) => id === group))
        boxes.push({ id: group, label: `${group.split("-").slice(2).join(" ")} subnets`, parent: vpc?.urn });
      add(
        {
          id: subnet.urn,
          kind: "subnet",
          label: `zone ${zoneOf(subnet).slice(-1)}`,
          note: text(subnet.inputs.cidrBlock),
          parent: group,
        },
        subnet.name,
      );
    }
    const placeOf = (held: readonly PlannedResource[]) => {
      const subnet = held.flatMap((resource) => subnetsOf(resource, byUrn))[0];
      return subnet === undefined ? region.urn : groupOf(subnet);
    };
    for (const store of inside.filter(({ type }) => STORES.some((end) => type === `plinth:${end}`))) {
      const parent = placeOf(plan.below(store));
      // Outside the subnets of its system, only its own label says whose it is.
      const label =
        parent === region.urn ? `${systemOf(store.name)} ${plan.ownName(store)}` : plan.ownName(store);
      add({ id: store.urn, kind: "store", label, note: noteOf(plan, store), parent }, store.name);
    }
    const [cluster] = of("aws:eks/cluster:Cluster");
    if (cluster !== undefined)
      boxes.push({
        id: cluster.urn,
        label: `EKS ${text(cluster.inputs.version)}`,
        parent: placeOf([cluster]),
      });
    const namespaces = new Map<string, string>();
    for (const { urn, inputs } of of("kubernetes:core/v1:Namespace"))
      namespaces.set(text(at(inputs, "metadata", "name")), urn);
    const inNamespace = (name: string) => namespaces.get(name) ?? cluster?.urn;
    for (const workload of of("plinth:workload:Workload")) {
      const owner = plan
        .below(workload)
        .find((each) => ["Deployment", "Rollout"].includes(kindOf(each) ?? ""));
      const image = text(at(owner?.inputs, "spec", "template", "spec", "containers", 0, "image"));
      add(
        {
          id: workload.urn,
          kind: "workload",
          label: plan.ownName(workload),
          note: image.slice(image.lastIndexOf("/") + 1),
          parent: inNamespace(text(at(owner?.inputs, "metadata", "namespace"))),
        },
        workload.name,
      );
    }
    for (const release of of("kubernetes:helm.sh/v3:Release"))
      add(
        {
          id: release.urn,
          kind: release.name.includes("nats") ? "store" : "operator",
          label: text(release.inputs.name),
          note: text(release.inputs.version),
          parent: inNamespace(text(release.inputs.namespace)),
        },
        release.name,
      );
    for (const [urn, name] of [...namespaces].map(([name, urn]) => [urn, name] as const))
      if (items.some(({ parent }) => parent === urn))
        boxes.push({ id: urn, label: `namespace ${name}`, parent: cluster?.urn });
    for (const balancer of [
      ...of("kubernetes:eks.amazonaws.com/v1:IngressClassParams"),
      ...of("aws:lb/loadBalancer:LoadBalancer"),
    ])
      add(
        {
          id: balancer.urn,
          kind: "balancer",
          label: balancer.type.startsWith("aws:") ? "network load balancer" : "application load balancer",
          note: text(balancer.inputs.name),
          parent: placeOf([balancer]),
        },
        balancer.name,
      );
  }
  if (items.length > 0)
    items.push({
      id: "internet",
      kind: "internet",
      label: "Internet",
      note: "",
      system: "",
      parent: undefined,
    });
  return { boxes, items, edges: edgesOf(plan, resources, items) };
}

const zoneOf = (subnet: PlannedResource | undefined) => text(subnet?.inputs.availabilityZone);

/** The subnets that a resource is in, by itself or by a group of subnets. */
function subnetsOf(
  resource: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
): PlannedResource[] {
  const properties = Object.entries(resource.options.propertyDependencies ?? {});
  const urns = properties.flatMap(([name, found]) => (/subnet|vpcConfig|^spec$/i.test(name) ? found : []));
  return urns.flatMap((urn) => {
    const found = byUrn.get(urn);
    if (found?.type === SUBNET) return [found];
    return found !== undefined && /subnetGroup/i.test(found.type) ? subnetsOf(found, byUrn) : [];
  });
}

/** A short description of a store. */
function noteOf(plan: PlanTree, store: PlannedResource): string {
  const first = (type: string) =>
    plan.below(store).find((each) => each.type === type && each.inputs.replicateSourceDb === undefined)
      ?.inputs;
  const instance = first("aws:rds/instance:Instance");
  if (instance !== undefined)
    return `PostgreSQL ${text(instance.engineVersion)}, ${text(instance.instanceClass)}`;
  const cache = first("aws:elasticache/replicationGroup:ReplicationGroup");
  if (cache !== undefined)
    return `${text(cache.engine)} ${text(cache.engineVersion)}, ${text(cache.nodeType)}`;
  return (
    { Bucket: "S3 bucket", Files: "EFS", Queue: "SQS queue", SesMail: "SES" }[
      store.type.split(":")[2] ?? ""
    ] ?? ""
  );
}
