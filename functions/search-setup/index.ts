import { setTimeout as wait } from "node:timers/promises";
import { apply, type Step } from "./apply";
import { signed } from "./send";

/** The function that Pulumi calls when the domain's state is another. Its log says how many steps it took. */
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
