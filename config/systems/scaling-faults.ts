/** Settings of an autoscaler, each within its own limits. */
interface Amounts {
  readonly min: number;
  readonly max: number;
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly latencySeconds?: number | undefined;
  readonly queue?:
    | {
        readonly queue?: string | undefined;
        readonly consumer?: string | undefined;
        readonly messages: number;
      }
    | undefined;
  readonly schedule?: readonly { readonly pods: number }[] | undefined;
  readonly fallback?: { readonly pods: number } | undefined;
}

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

const targets = ["cpu", "memory", "requestsPerMinute", "latencySeconds", "queue"] as const;

/** Conflicts between an autoscaler's settings. */
export function autoscalingFaults(amounts: Amounts, servesMetrics: boolean): Fault[] {
  const { min, max, queue } = amounts;
  const faults: Fault[] = [];
  const fault = (path: (string | number)[], message: string) => faults.push({ path, message });
  if (min > max) fault(["min"], `at most max (${max})`);
  if (targets.every((target) => amounts[target] === undefined))
    fault([], `at least one target: ${targets.join(", ")}`);
  for (const target of ["requestsPerMinute", "latencySeconds"] as const)
    if (!servesMetrics && amounts[target] !== undefined)
      fault([target], "nothing: the workload serves no metrics (`listen.metrics` in systems/)");
  if (queue !== undefined && (queue.queue === undefined) === (queue.consumer === undefined))
    fault(["queue"], "either queue or consumer, and messages");
  amounts.schedule?.forEach(({ pods }, index) => {
    if (pods <= min || pods > max)
      fault(["schedule", index, "pods"], `more than min (${min}), and at most max (${max})`);
  });
  const { fallback } = amounts;
  if (fallback !== undefined && (fallback.pods < min || fallback.pods > max))
    fault(["fallback", "pods"], `min (${min}) to max (${max})`);
  return faults;
}
