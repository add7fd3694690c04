import type { PlannedResource } from "../../preview/report/json";
import { providerUrn } from "../../preview/wire";
import { chartServices } from "../support/chart-services";
import { UserError } from "./errors";
import { keyOf } from "./manifests";
import type { NodePlan } from "./nodes";
import type { Graph } from "./order";
import type { KubeObject } from "./types";

/** A resource of `preview --json`: the fields in use. */
export type PreviewResource = Pick<
  PlannedResource,
  "urn" | "type" | "name" | "parent" | "provider" | "dependencies" | "inputs"
>;

/** A role's access to the cluster, from its access entries. */
export interface Access {
  role: "admin" | "operator" | "viewer";
  /** Name of the EKS access policy, such as `AmazonEKSClusterAdminPolicy`; undefined: none. */
  policy?: string;
  /** Kubernetes groups of the role. Default: none. */
  groups?: readonly string[];
  /** Namespaces of the policy's scope; empty for the whole cluster. */
  namespaces: readonly string[];
}

/** Facts about the cluster and dependencies from a stack's preview. */
export interface StackFacts {
  /** Kubernetes version of the cluster: `1.36`. */
  version: string;
  /** The account that the stack is for. */
  account: string;
  nodes: NodePlan;
  access: Access[];
  graph: Graph;
  /** Charts, whose objects Helm creates, so they have no manifests. */
  releases: string[];
  /** Services of those charts, as `namespace/name`. */
  chartServices: string[];
  /** Namespaces of systems, to which people have access. */
  systemNamespaces: string[];
  /** Kubernetes objects in the preview. */
  objects: string[];
}

const GROUPS: Record<string, Access["role"]> = { "plinth-operators": "operator", "plinth-viewers": "viewer" };

const ROLES: Record<string, Access["role"]> = {
  AmazonEKSClusterAdminPolicy: "admin",
  AmazonEKSEditPolicy: "operator",
  AmazonEKSViewPolicy: "viewer",
};

/** Reads the facts. Throws a UserError if the preview lacks a required one. */
export function readFacts(stack: string, resources: readonly PreviewResource[]): StackFacts {
  const clusters = resources.filter(({ type }) => type === "aws:eks/cluster:Cluster");
  const cluster = clusters[0]?.inputs as
    | { version?: string; computeConfig?: { nodePools?: string[] } }
    | undefined;
  if (cluster?.version === undefined)
    throw new UserError(`${stack}: its preview has no EKS cluster with a version`);
  const zones = nodeZones(resources);
  if (zones.length === 0)
    throw new UserError(`${stack}: its preview has no subnet with the tag ${NODE_SUBNETS}`);
  return {
    version: cluster.version,
    account: accountOf(resources),
    nodes: {
      zones,
      region: (zones[0] ?? "").slice(0, -1),
      builtinPools: cluster.computeConfig?.nodePools ?? [],
    },
    access: [
      ...resources
        .filter(({ type }) => type === "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
        .flatMap(accessOf),
      ...resources.filter(({ type }) => type === "aws:eks/accessEntry:AccessEntry").flatMap(membersOf),
    ],
    graph: graphOf(resources),
    releases: resources
      .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
      .map(({ inputs }) => String(inputs.name)),
    chartServices: resources.flatMap(servicesOf),
    systemNamespaces: resources
      .filter(
        ({ type, urn }) => type === "kubernetes:core/v1:Namespace" && urn.includes("$plinth:system:System$"),
      )
      .map(({ inputs }) => (inputs as Partial<KubeObject>).metadata?.name ?? ""),
    objects: [...objectKeys(resources).values()],
  };
}

function servicesOf({ type, inputs }: PreviewResource): string[] {
  const { services } =
    (type === "kubernetes:helm.sh/v3:Release" ? chartServices[String(inputs.chart)] : undefined) ?? {};
  return (services ?? []).map(({ name }) => `${String(inputs.namespace)}/${name}`);
}

/** The first account that an AWS provider allows. */
function accountOf(resources: readonly PreviewResource[]): string {
  const provider = resources.find(({ type }) => type === "pulumi:providers:aws");
  return /\d{12}/.exec(String(provider?.inputs.allowedAccountIds))?.[0] ?? "";
}

/** The tag by which EKS finds private subnets, which contain the nodes. */
const NODE_SUBNETS = "kubernetes.io/role/internal-elb";

function nodeZones(resources: readonly PreviewResource[]): string[] {
  const zones = resources
    .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
    .map(({ inputs }) => inputs as { availabilityZone: string; tags?: Record<string, string> })
    .filter(({ tags }) => tags?.[NODE_SUBNETS] !== undefined)
    .map(({ availabilityZone }) => availabilityZone);
  return [...new Set(zones)].sort();
}

function accessOf({ inputs }: PreviewResource): Access[] {
  const { policyArn, accessScope } = inputs as { policyArn: string; accessScope?: { namespaces?: string[] } };
  const policy = policyArn.split("/").at(-1) ?? "";
  const role = ROLES[policy];
  // Access entries of nodes have no person's role.
  return role === undefined ? [] : [{ role, policy, namespaces: accessScope?.namespaces ?? [] }];
}

/** A principal in two groups has the permissions of both; each is checked separately. */
function membersOf({ inputs }: PreviewResource): Access[] {
  const { kubernetesGroups = [] } = inputs as { kubernetesGroups?: string[] };
  return kubernetesGroups.flatMap((group) => {
    const role = GROUPS[group];
    return role === undefined ? [] : [{ role, groups: [group], namespaces: [] }];
  });
}

/** A resource depends on its dependencies, its provider and its parent, as in the engine. */
function graphOf(resources: readonly PreviewResource[]): Graph {
  const keys = objectKeys(resources);
  const names = new Map(resources.map(({ urn }) => [urn, keys.get(urn) ?? urn]));
  const before = resources.map(({ urn, parent, provider, dependencies }): [string, string[]] => {
    const urns = [parent, provider === null ? null : providerUrn(provider), ...dependencies].filter(
      (one) => one !== null,
    );
    return [names.get(urn) ?? urn, urns.flatMap((one) => names.get(one) ?? [])];
  });
  return { nodes: [...names.values()], before: new Map(before) };
}

/** Resources that are Kubernetes objects, by URN; patches of other objects aren't. */
function objectKeys(resources: readonly PreviewResource[]): Map<string, string> {
  const found = resources.map((resource) => ({ resource, key: keyOfResource(resource) }));
  const made = new Set(found.flatMap(({ resource, key }) => (isPatch(resource) ? [] : (key ?? []))));
  return new Map(
    found.flatMap(({ resource, key }): [string, string][] =>
      key === undefined || (isPatch(resource) && made.has(key)) ? [] : [[resource.urn, key]],
    ),
  );
}

const isPatch = ({ type }: PreviewResource): boolean => type.endsWith("Patch");

function keyOfResource({ type, inputs }: PreviewResource): string | undefined {
  if (!type.startsWith("kubernetes:") || type.startsWith("kubernetes:helm.sh/")) return undefined;
  const { apiVersion, kind, metadata } = inputs as Partial<KubeObject>;
  if (apiVersion === undefined || kind === undefined || metadata === undefined) return undefined;
  return keyOf({ apiVersion, kind, metadata });
}
