import type { Policies } from "@pulumi/policy";
import { onEachCluster } from "./each-cluster";
import { ofType } from "../lib/joins";
import { each, mapKnown, shown } from "../lib/wire";
import { makesPods, podTemplate, type PodOwner } from "./pods";
import type { ObjectMeta } from "./types";

/** Built-in classes of every cluster. */
const builtIn = ["system-cluster-critical", "system-node-critical"];

/** Every pod has a priority class, so less important pods wait if capacity is short. */
export const priority: Policies = [
  onEachCluster(
    {
      name: "k8s-priority-class",
      description: "Pods must use an existing PriorityClass.",
      severity: "medium",
      remediation: "Set priorityClassName to a PriorityClass of the stack.",
      url: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    },
    (resources, report) => {
      const classes = mapKnown(
        ofType(resources, "kubernetes:scheduling.k8s.io/v1:PriorityClass"),
        ({ props }) => (props as { metadata?: ObjectMeta }).metadata?.name,
      );
      const known = new Set([...builtIn, ...classes]);
      each(resources, ({ name, urn, type, props }) => {
        if (!makesPods(type)) return;
        const template = podTemplate(type, props as PodOwner);
        const named = template?.spec?.priorityClassName;
        if (template && !known.has(named ?? ""))
          report(
            `${name}: priorityClassName is ${shown(named)}; it must name an existing PriorityClass.`,
            urn,
          );
      });
    },
  ),
];
