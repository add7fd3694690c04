import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { each, isLater, plain, shown, skipUnknown } from "../lib/wire";

const amounts = ["cpu", "memory", "ephemeral-storage"] as const;
const bounds = ["requests", "limits"] as const;

/** Requests and limits in a chart's values. */
type Resources = Partial<Record<(typeof bounds)[number], Record<string, unknown>>>;

/** Every object in a chart's values, with its path. */
function* objectsIn(value: unknown, path: string): Generator<{ path: string; value: object }> {
  if (typeof value !== "object" || value === null) return;
  yield { path, value };
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, path ? `${path}.${key}` : key);
}

/** Values in which some may be known only after `up`: each of those counts as set. */
function partlyKnown(values: unknown): unknown {
  const found = plain(values);
  return isLater(found) ? skipUnknown("values") : found;
}

/** Whether the requests are those of a volume, not of a container. */
const ofVolume = (value: object) => "storage" in ((value as Resources).requests ?? {});

/**
 * Required pod settings in a chart's values. Policies can't read a release's objects, only its values, so the chart's
 * defaults don't count.
 */
export const charts: Policies = [
  onType(
    "kubernetes:helm.sh/v3:Release",
    {
      name: "helm-resources",
      description: "Helm chart values must set resource requests and limits.",
      severity: "medium",
      remediation:
        "In the chart's values, set requests and limits of cpu, memory and ephemeral-storage for each component.",
      url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    },
    ({ chart, values }, { report }) => {
      const found = [...objectsIn(partlyKnown(values), "")].filter(
        ({ value }) => bounds.some((bound) => bound in value) && !ofVolume(value),
      );
      if (found.length === 0) report(`the values of chart ${shown(chart)} set neither requests nor limits.`);
      each(found, ({ path, value }) =>
        each(bounds, (bound) =>
          each(amounts, (amount) => {
            if (!(value as Resources)[bound]?.[amount])
              report(`${[path, bound, amount].filter(Boolean).join(".")} must be set.`);
          }),
        ),
      );
    },
  ),
  onType(
    "kubernetes:helm.sh/v3:Release",
    {
      name: "helm-priority-class",
      description: "Helm chart values must set a priority class.",
      severity: "low",
      remediation: "Set priorityClassName in the chart's values.",
      url: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    },
    ({ chart, values }, { report }) => {
      const named = [...objectsIn(partlyKnown(values), "")].some(
        ({ value }) => (value as { priorityClassName?: unknown }).priorityClassName,
      );
      if (!named) report(`the values of chart ${shown(chart)} don't set priorityClassName.`);
    },
  ),
];
