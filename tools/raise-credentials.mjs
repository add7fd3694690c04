// Raises by one each number in a stack file whose credential is due, and prints the changes as Markdown. Prints and
// changes nothing if nothing is due.
//
//   .ci/secret-ages prod --json | node tools/raise-credentials.mjs prod
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { format } from "oxfmt";
import { parseDocument } from "yaml";

const [stack] = process.argv.slice(2);
if (stack === undefined) throw new Error("usage: raise-credentials.mjs <stack> < ages.json");
const file = `Pulumi.${stack}.yaml`;
const { ages } = JSON.parse(await text(process.stdin));
const due = ages.filter(({ state }) => state !== "current");
const document = parseDocument(readFileSync(file, "utf8"));

const lines = due.map(({ entry, age, setting }) => {
  // A rotation that fails has an alarm; a secret that is entered manually has nothing to raise.
  if (setting === undefined) return `- \`${entry}\` is ${age} days old: see docs/credentials.md`;
  const path = ["config", ...setting.split(".")];
  const version = document.getIn(path) ?? 1;
  document.setIn(path, version + 1);
  return `- \`${entry}\` is ${age} days old: \`${setting}\` ${version} → ${version + 1}`;
});
if (due.some(({ setting }) => setting !== undefined)) {
  const { printWidth } = JSON.parse(readFileSync(new URL("../.oxfmtrc.json", import.meta.url), "utf8"));
  const { code } = await format(file, document.toString({ lineWidth: 0 }), { printWidth });
  writeFileSync(file, code);
}
if (lines.length > 0) process.stdout.write(`### ${stack}\n\n${lines.join("\n")}\n\n`);
