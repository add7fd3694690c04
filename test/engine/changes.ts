import { isMap, isSeq } from "yaml";
import type { Change, Shown } from "./change";
import { growCores } from "../support/cores";
import { maps, systems, workloads } from "./documents";
import type { Step } from "./events";
import { canonical } from "./providers/wire";
import { foundationChanges, isFoundation } from "./foundation-changes";
import { failBack, promotion } from "./standby-changes";
import { isStateful } from "./stateful";
import { largerDatabase, otherSettings } from "./store-changes";

const isObject = ({ type, op }: Step) => type.startsWith("kubernetes:") && op !== "delete";

const workload = /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|argoproj\.io\/.*:Rollout)$/;

/** A new version of the first workload of each system. */
export const newImage: Change = {
  name: "image",
  updates: workload,
  // A migration creates a backup under a new name.
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

/** One more pod of each workload, in its replicas or its minimum, and the cores that they need. */
export const moreReplicas: Change = {
  name: "replicas",
  updates: new RegExp(
    `${workload.source}|^kubernetes:(autoscaling\\/v2:HorizontalPodAutoscaler|keda\\.sh\\/.*:ScaledObject)$`,
  ),
  also: isObject,
  edit: (document) => {
    growCores(document, (cores) => Math.ceil(cores * 1.25));
    return workloads(document).flatMap((one) => {
      const scaling = one.get("autoscaling");
      const [owner, key] = isMap(scaling) ? ([scaling, "min"] as const) : ([one, "replicas"] as const);
      const count = owner.get(key);
      if (typeof count !== "number" || isSeq(scaling)) return [];
      owner.set(key, count + 1);
      return [];
    });
  },
};

/** In this order, since the larger databases have the memory and connections that more pods need. */
export const changes: readonly Change[] = [
  newImage,
  largerDatabase,
  otherSettings,
  moreReplicas,
  promotion,
  failBack,
];

/** The changes that a stack is put through. */
export const changesOf = (stack: string): readonly Change[] =>
  isFoundation(stack) ? foundationChanges : changes;

const removes = ["delete", "replace", "delete-replaced", "create-replacement"];

/** Steps of a command that aren't part of a change, and effects of the change that are missing. */
export function wrongSteps(
  change: Pick<Change, "updates" | "op" | "also">,
  steps: readonly Step[],
  shown: readonly Shown[],
): string[] {
  const { updates, op: changed = "update" } = change;
  const wanted = steps.filter(({ op, type }) => op === changed && updates?.test(type) === true);
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
    ...(updates !== undefined && wanted.length === 0 ? [`nothing of ${String(updates)} was updated`] : []),
    ...shown
      .filter((one) => !shows(one))
      .map(({ type, text }) => `nothing of ${String(type)} that was updated has ${text}`),
  ];
}

/** The stateful resources that a command deletes or replaces. */
export const lost = (steps: readonly Step[]) =>
  steps
    .filter(({ op, urn }) => removes.includes(op) && isStateful(urn))
    .map(({ op, urn }) => `${urn}: ${op}, which loses its data`);
