import type { Policies, PolicyResource } from "@pulumi/policy";
import { hostReader } from "../../standards/host-access";
import { frameworks, onType, type Setting } from "../lib/control";
import { ofType } from "../lib/joins";
import { each, mapKnown, shown } from "../lib/wire";
import { makesPods, namespaceOf } from "./pods";
import type { KubernetesTypes } from "./types";
import { onEachCluster } from "./each-cluster";

const level = "pod-security.kubernetes.io/enforce";

/** Namespaces that the control plane creates and the stack doesn't manage. */
const systemNamespaces: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Namespaces that this policy ignores.",
  default: ["kube-system", "kube-public", "kube-node-lease"],
};

type NetworkPolicy = KubernetesTypes["kubernetes:networking.k8s.io/v1:NetworkPolicy"];

/** True for a default deny: a NetworkPolicy that selects all pods of its namespace and allows nothing. */
function deniesAll({ spec }: NetworkPolicy): boolean {
  const picksAll = Object.keys(spec?.podSelector ?? { missing: "" }).length === 0;
  const both = ["Ingress", "Egress"].every((type) => spec?.policyTypes?.includes(type));
  return picksAll && both && (spec?.ingress?.length ?? 0) === 0 && (spec?.egress?.length ?? 0) === 0;
}

/** The namespace that a resource creates, or creates pods in; undefined for other resources. */
function populatedBy(resource: PolicyResource): string | undefined {
  if (/^kubernetes:core\/v1:Namespace(Patch)?$/.test(resource.type))
    return (resource.props as { metadata?: { name?: string } }).metadata?.name ?? resource.name;
  if (resource.type === "kubernetes:helm.sh/v3:Release")
    return (resource.props as { namespace?: string }).namespace;
  return makesPods(resource.type) ? namespaceOf(resource) : undefined;
}

/** A policy that each namespace has an object of a type. */
function everyNamespaceHas(
  type: keyof KubernetesTypes,
  control: { name: string; description: string; remediation: string; url: string; missing: string },
  accepts: (props: PolicyResource["props"]) => boolean = () => true,
) {
  const { missing, ...rest } = control;
  return onEachCluster(
    { ...rest, severity: "high", settings: { exempt: systemNamespaces } },
    (resources, report, { exempt }) => {
      const accepted = mapKnown(ofType(resources, type), (resource) =>
        accepts(resource.props) ? namespaceOf(resource) : undefined,
      );
      const held = new Set(accepted);
      const populated = new Map<string, PolicyResource>();
      each(resources, (resource) => {
        const namespace = populatedBy(resource);
        if (namespace === undefined) return;
        if (!populated.has(namespace)) populated.set(namespace, resource);
      });
      for (const [namespace, owner] of populated) {
        if (held.has(namespace) || exempt.includes(namespace)) continue;
        report(`the namespace ${namespace} (${owner.name}) has ${missing}.`, owner.urn);
      }
    },
  );
}

/** Policies for namespaces with workloads. */
export const namespaces: Policies = [
  onType(
    "kubernetes:core/v1:Namespace",
    {
      name: "k8s-namespace-restricted",
      description: "Namespaces must enforce the restricted Pod Security Standard.",
      severity: "high",
      remediation: `Set the label ${level} to restricted.`,
      url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
      framework: frameworks.podSecurity,
      settings: { exempt: systemNamespaces },
    },
    (namespace, { args, settings, report }) => {
      if (settings.exempt.includes(namespace.metadata?.name ?? args.name)) return;
      const found = namespace.metadata?.labels?.[level];
      // The log collector's namespace: `k8s-host-reader-bounded` checks its workloads.
      if (namespace.metadata?.name === hostReader.namespace && found === "privileged") return;
      if (found !== "restricted") report(`the label ${level} is ${shown(found)}; it must be "restricted".`);
    },
  ),
  everyNamespaceHas(
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    {
      name: "k8s-namespace-default-deny",
      description: "Namespaces with pods must have a default deny NetworkPolicy.",
      remediation:
        "Add a NetworkPolicy with an empty podSelector, the policyTypes Ingress and Egress, and no rules.",
      url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
      missing: "no NetworkPolicy that denies all ingress and egress traffic",
    },
    (props) => deniesAll(props as NetworkPolicy),
  ),
  everyNamespaceHas("kubernetes:core/v1:ResourceQuota", {
    name: "k8s-namespace-quota",
    description: "Namespaces with pods must have a ResourceQuota.",
    remediation: "Add a ResourceQuota to the namespace.",
    url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    missing: "no ResourceQuota",
  }),
  everyNamespaceHas("kubernetes:core/v1:LimitRange", {
    name: "k8s-namespace-limit-range",
    description: "Namespaces with pods must have a LimitRange.",
    remediation: "Add a LimitRange with default requests and limits for containers to the namespace.",
    url: "https://kubernetes.io/docs/concepts/policy/limit-range/",
    missing: "no LimitRange",
  }),
];
