import { z } from "zod";
import { amount } from "../quantity";
import { bytes, choice, cpu } from "../values";

/** A container's requests, which a node reserves for it, and its limits. */
export interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/**
 * Steps of vertical scaling: each is twice the previous one, with limits twice the requests. The first is that of the
 * APIs in A's and T's documents; the memory is A's own 256Mi → 512Mi → 1Gi.
 */
const sizes = {
  small: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  medium: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  large: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
} as const satisfies Record<string, Resources>;

type Size = keyof typeof sizes;
const [first, ...more] = Object.keys(sizes) as [Size, ...Size[]];

const words = "either size, or requests and limits";
const amounts = z.strictObject(
  { cpu, memory: bytes },
  { error: (issue) => (issue.code === "invalid_type" ? `{ cpu, memory }; ${words}` : undefined) },
);

/** Memory that a container needs to start. Source: Docker's documentation, resource constraints (`--memory`). */
const leastMemory = "6Mi";

/** Schema of `resources`: the name of a step, or explicit requests and limits. */
export const resources = z
  .strictObject({
    size: choice([first, ...more]).optional(),
    requests: amounts.optional(),
    limits: amounts.optional(),
  })
  .superRefine(({ size, requests, limits }, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (size !== undefined) {
      if (requests !== undefined || limits !== undefined) fault(["size"], words);
      return;
    }
    if (requests === undefined) fault(["requests"], `{ cpu, memory }; ${words}`);
    if (limits === undefined) fault(["limits"], `{ cpu, memory }; ${words}`);
    if (requests === undefined || limits === undefined) return;
    for (const what of ["cpu", "memory"] as const)
      if (amount(requests[what]) > amount(limits[what]))
        fault(["requests", what], `at most the limit (${limits[what]})`);
    if (amount(limits.memory) < amount(leastMemory))
      fault(["limits", "memory"], `at least "${leastMemory}", or no container starts`);
  })
  .transform(({ size, requests, limits }): Resources => {
    if (size !== undefined) return sizes[size];
    if (requests === undefined || limits === undefined) throw new Error("resources were not checked");
    return { requests, limits };
  });
