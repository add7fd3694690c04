import { setTimeout as wait } from "node:timers/promises";
import { apply, type Step } from "./apply";
import { signed } from "./send";

/** Handler, which Pulumi invokes when the desired state of the domain changes. It logs the number of steps. */
export async function handler({
  host,
  steps,
}: {
  host: string;
  steps: Step[];
}): Promise<{ applied: number }> {
  const applied = await apply(steps, signed(host), (milliseconds) => wait(milliseconds));
  process.stdout.write(`${JSON.stringify({ applied })}\n`);
  return { applied };
}
