import { isMap, isSeq, type Document, type YAMLMap } from "yaml";
import type { Step } from "./events";
import { isStateful } from "./stateful";
import { canonical } from "./providers/wire";

/** One change of a stack file, and what may come of it. */
export interface Change {
  name: string;
  /** Makes the change; answers texts that must show in the inputs of what is updated. */
  edit: (document: Document) => string[];
  /** The types that must be updated, one of them at least. */
  updates: RegExp;
  /** Steps beside updates of those types that are part of such a change. */
  also?: (step: Step) => boolean;
}

const systems = (document: Document) => maps(document.getIn(["config", "plinth:systems"]));

/** The values of a map that are maps themselves. */
function maps(node: unknown): YAMLMap[] {
  return isMap(node) ? node.items.map(({ value }) => value).filter(isMap) : [];
}

const isObject = ({ type, op }: Step) => type.startsWith("kubernetes:") && op !== "delete";

/** A new version of the first workload of each system. */
export const newImage: Change = {
  name: "image",
  updates: /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|argoproj\.io\/.*:Rollout)$/,
  // A migration has its backup made, under a name that was never there.
  also: (step) =>
    isObject(step) ||
    ["kubernetes:core/v1:ConfigMap", "random:index/randomId:RandomId", "aws:rds/snapshot:Snapshot"].includes(
      step.type,
    ),
  edit: (document) =>
    systems(document).flatMap((system) => {
      const workload = maps(system.get("workloads"))[0];
      const image = workload?.get("image");
      if (workload === undefined || typeof image !== "string") return [];
      const next = image.includes("@") ? image.replace(/[0-9a-f]{8}$/, "0e0e0e0e") : `${image}-next`;
      workload.set("image", next);
      return [next];
    }),
};

const sizes = ["micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge"];

/** The next larger class, and 5 GiB more, for each database that the systems have. */
export const largerDatabase: Change = {
  name: "database size",
  updates: /^aws:rds\/instance:Instance$/,
  also: ({ type, op }) => op === "update" && type === "aws:cloudwatch/metricAlarm:MetricAlarm",
  edit: (document) =>
    systems(document).flatMap((system) =>
      maps(system.get("stores")).flatMap((store) => {
        const [kind, storage] = [store.get("class"), store.get("storage")];
        if (typeof kind !== "string" || typeof storage !== "number") return [];
        const next = sizes[sizes.indexOf(kind.split(".")[2] ?? "") + 1] ?? "large";
        const larger = kind.replace(/[^.]+$/, next);
        store.set("class", larger);
        store.set("storage", storage + 5);
        return [larger, String(storage + 5)];
      }),
    ),
};

/** One pod more of each workload: fixed, or at least. */
export const moreReplicas: Change = {
  name: "replicas",
  updates:
    /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|autoscaling\/v2:HorizontalPodAutoscaler|argoproj\.io\/.*:Rollout)$/,
  also: isObject,
  edit: (document) =>
    systems(document)
      .flatMap((system) => maps(system.get("workloads")))
      .flatMap((workload) => {
        const scaling = workload.get("autoscaling");
        const [owner, key] = isMap(scaling) ? ([scaling, "min"] as const) : ([workload, "replicas"] as const);
        const count = owner.get(key);
        if (typeof count !== "number" || isSeq(scaling)) return [];
        owner.set(key, count + 1);
        return [];
      }),
};

export const changes: readonly Change[] = [newImage, largerDatabase, moreReplicas];

const removes = ["delete", "replace", "delete-replaced", "create-replacement"];

/** What of a command's steps goes beyond a change, or falls short of it. */
export function wrongSteps(
  change: Pick<Change, "updates" | "also">,
  steps: readonly Step[],
  shown: readonly string[],
): string[] {
  const wanted = steps.filter(({ op, type }) => op === "update" && change.updates.test(type));
  const inputs = canonical(wanted.map((step) => step.inputs));
  return [
    ...lost(steps),
    ...steps
      .filter(
        (step) =>
          !wanted.includes(step) && step.type !== "pulumi:pulumi:Stack" && !(change.also?.(step) ?? false),
      )
      .map(({ op, urn }) => `${urn}: ${op}, which isn't part of the change`),
    ...(wanted.length === 0 ? [`nothing of ${String(change.updates)} was updated`] : []),
    ...shown.filter((text) => !inputs.includes(text)).map((text) => `nothing that was updated has ${text}`),
  ];
}

/** The stateful resources that a command deletes or replaces. */
export const lost = (steps: readonly Step[]) =>
  steps
    .filter(({ op, urn }) => removes.includes(op) && isStateful(urn))
    .map(({ op, urn }) => `${urn}: ${op}, and what it holds is lost`);
