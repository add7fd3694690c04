import type { Graph } from "../order";
import { keyOf } from "../manifests";
import { type KubeObject, nameOf } from "../types";
import type { Check } from "./check";

/** API groups whose definitions are part of EKS Auto Mode. */
const WITH_THE_CLUSTER = ["eks.amazonaws.com", "karpenter.sh", "networking.k8s.aws"];

/**
 * A custom resource must depend on what installs its definition: a chart, an EKS add-on, or the definition itself. The
 * test's server has all definitions from the start, so no order of applying would detect a missing dependency.
 */
export const operators: Check = {
  name: "custom resources wait for their definitions",
  run({ objects, facts }) {
    const custom = objects.filter(isCustom);
    const early = custom.filter((object) => !ancestors(facts.graph, keyOf(object)).some(bringsDefinitions));
    const message =
      "depends on no chart, no add-on and no CustomResourceDefinition: it may be created before its definition";
    return Promise.resolve({
      examined: custom.length,
      findings: early.map((object) => ({ object: nameOf(object), message })),
    });
  },
};

function isCustom({ apiVersion }: KubeObject): boolean {
  const [group = "", version] = apiVersion.split("/");
  const own = version === undefined || !group.includes(".") || group.endsWith(".k8s.io");
  return !own && !WITH_THE_CLUSTER.includes(group);
}

/** A chart, an EKS add-on, or a definition itself. */
function bringsDefinitions(node: string): boolean {
  const brought = ["kubernetes:helm.sh/v3:Release", "aws:eks/addon:Addon"];
  return brought.some((type) => node.includes(type)) || node.startsWith("apiextensions.k8s.io/");
}

function ancestors({ before }: Graph, node: string): string[] {
  const seen = new Set<string>();
  const queue = [node];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    for (const earlier of before.get(one) ?? []) {
      if (!seen.has(earlier)) queue.push(earlier);
      seen.add(earlier);
    }
  }
  return [...seen];
}
