import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRules, secretAges, type SecretAges } from "./ages";
import { publish, versionsOf } from "./aws";

/** Handler, which a schedule invokes once a day, and people for the report. It logs and returns the ages. */
export async function handler(): Promise<SecretAges> {
  const { NAMESPACE = "", ENVIRONMENT = "" } = process.env;
  const rules = readRules(readFileSync(join(__dirname, "rules.json"), "utf8"));
  const report = await secretAges(rules, versionsOf, new Date());
  process.stdout.write(`${JSON.stringify(report)}\n`);
  await publish(NAMESPACE, ENVIRONMENT, report.late);
  return report;
}
