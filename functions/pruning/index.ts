import { prune, readRules } from "./prune";
import { rds } from "./rds";

/** Handler, which a schedule invokes once a day. It logs what it deleted. */
export async function handler(): Promise<void> {
  const removed = await prune(readRules(process.env.RULES), rds(), new Date());
  process.stdout.write(`${JSON.stringify({ removed })}\n`);
}
