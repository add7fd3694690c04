import { prune, readRules } from "./prune";
import { rds } from "./rds";

/** The function that a schedule calls once a day. Its log says what it removed. */
export async function handler(): Promise<void> {
  const removed = await prune(readRules(process.env.RULES), rds(), new Date());
  process.stdout.write(`${JSON.stringify({ removed })}\n`);
}
