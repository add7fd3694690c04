import { isMap, isSeq, type Document } from "yaml";
import { maps, systems, workloads } from "./documents";
import type { Step } from "./events";
import { canonical } from "./providers/wire";
import { foundationChanges, isFoundation } from "./foundation-changes";
import { isStateful } from "./stateful";
import { largerDatabase, otherSettings } from "./store-changes";

/** Something that must show in the inputs of what is updated. */
export interface Shown {
  /** Types that it may show in. */
  type: RegExp;
  /** Text, or a piece of JSON with keys in order. */
  text: string;
}

/** One change of a stack file, and what may come of it. */
export interface Change {
  name: string;
  /** Makes the change; answers what must show. */
  edit: (document: Document) => Shown[];
  /** The types that must be updated, one of them at least. */
  updates: RegExp;
  /** Steps beside updates of those types that are part of such a change. */
  also?: (step: Step) => boolean;
}

const isObject = ({ type, op }: Step) => type.startsWith("kubernetes:") && op !== "delete";

const workload = /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|argoproj\.io\/.*:Rollout)$/;

/** A new version of the first workload of each system. */
export const newImage: Change = {
  name: "image",
  updates: workload,
  // A migration has its backup made, under a name that was never there.
  also: (step) =>
    isObject(step) ||
    ["kubernetes:core/v1:ConfigMap", "random:index/randomId:RandomId", "aws:rds/snapshot:Snapshot"].includes(
      step.type,
    ),
  edit: (document) =>
    systems(document).flatMap((system) => {
      const first = maps(system.get("workloads"))[0];
      const image = first?.get("image");
      if (first === undefined || typeof image !== "string") return [];
      const next = image.includes("@") ? image.replace(/[0-9a-f]{8}$/, "0e0e0e0e") : `${image}-next`;
      first.set("image", next);
      return [{ type: workload, text: next }];
    }),
};

/** One pod more of each workload: fixed, or at least. */
export const moreReplicas: Change = {
  name: "replicas",
  updates: new RegExp(
    `${workload.source}|^kubernetes:(autoscaling\\/v2:HorizontalPodAutoscaler|keda\\.sh\\/.*:ScaledObject)$`,
  ),
  also: isObject,
  edit: (document) =>
    workloads(document).flatMap((one) => {
      const scaling = one.get("autoscaling");
      const [owner, key] = isMap(scaling) ? ([scaling, "min"] as const) : ([one, "replicas"] as const);
      const count = owner.get(key);
      if (typeof count !== "number" || isSeq(scaling)) return [];
      owner.set(key, count + 1);
      return [];
    }),
};

/** In this order: the larger databases have the memory, and the other settings the connections, for more pods. */
export const changes: readonly Change[] = [newImage, largerDatabase, otherSettings, moreReplicas];

/** The changes that a stack is put through. */
export const changesOf = (stack: string): readonly Change[] =>
  isFoundation(stack) ? foundationChanges : changes;

const removes = ["delete", "replace", "delete-replaced", "create-replacement"];

/** What of a command's steps goes beyond a change, or falls short of it. */
export function wrongSteps(
  change: Pick<Change, "updates" | "also">,
  steps: readonly Step[],
  shown: readonly Shown[],
): string[] {
  const wanted = steps.filter(({ op, type }) => op === "update" && change.updates.test(type));
  const shows = ({ type, text }: Shown) =>
    wanted.some((step) => type.test(step.type) && canonical(step.inputs).includes(text));
  return [
    ...lost(steps),
    ...steps
      .filter(
        (step) =>
          !wanted.includes(step) && step.type !== "pulumi:pulumi:Stack" && !(change.also?.(step) ?? false),
      )
      .map(({ op, urn }) => `${urn}: ${op}, which isn't part of the change`),
    ...(wanted.length === 0 ? [`nothing of ${String(change.updates)} was updated`] : []),
    ...shown
      .filter((one) => !shows(one))
      .map(({ type, text }) => `nothing of ${String(type)} that was updated has ${text}`),
  ];
}

/** The stateful resources that a command deletes or replaces. */
export const lost = (steps: readonly Step[]) =>
  steps
    .filter(({ op, urn }) => removes.includes(op) && isStateful(urn))
    .map(({ op, urn }) => `${urn}: ${op}, and what it holds is lost`);
