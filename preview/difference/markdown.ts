import { groupBy } from "../report/group";
import { costText } from "./cost";
import type { Row } from "./compare";
import type { DifferenceDocument } from "./document";
import { aliasText, changeText, nameOf, renameEffect, typeName } from "./text";

/** Resources that one stack's detail lists: a comment of GitHub has 65536 characters at most. */
const LISTED = 60;

/** A part of a comment on a pull request: one stack's difference. */
export function markdownDifference(difference: DifferenceDocument): string {
  const { stack, summary, rows, renames, newFindings, oldFindings, lost, cost } = difference;
  const costs = cost === undefined ? [] : [`Cost a month at list price: ${costText(cost)}`, ""];
  const violated = newFindings.filter(({ level }) => level === "mandatory").length;
  const lines = [
    `### ${stack}`,
    "",
    "| added | changed | replaced | deleted | policies newly violated |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${summary.added} | ${summary.changed} | ${summary.replaced} | ${summary.deleted} | ${violated} |`,
    "",
    ...costs,
    ...losses(difference),
    ...renames.map(
      (rename) =>
        `- Probable rename: ${typeName(rename.type)} ${code(nameOf(rename.from))} → ${code(nameOf(rename.to))}; ${renameEffect(rename)}: ${code(aliasText(rename.alias))}`,
    ),
    ...(renames.length > 0 ? [""] : []),
    ...findings("Policies newly violated", newFindings),
    ...findings("No longer violated", oldFindings),
    ...detail(rows),
  ];
  const none = rows.length === 0 && newFindings.length === 0 && lost.length === 0;
  // Hours of a night schedule, and the assumed usage, aren't in any resource.
  const only = [`### ${stack}`, "", "No resource differs.", "", ...(cost?.components.length ? costs : [])];
  return `${(none ? only : lines).join("\n")}`;
}

function losses({ rows, lost }: DifferenceDocument): string[] {
  const losing = rows.filter(({ loses }) => loses);
  if (losing.length === 0) return [];
  return [
    "> [!CAUTION]",
    `> **Stateful resources are replaced or deleted${lost.length === 0 ? ", each accepted" : ""}.** Their data is lost.`,
    ">",
    ...losing.map(
      ({ action, type, name, changes, because }) =>
        `> - **${action}** ${typeName(type)} ${code(name)}${reason(changes, because)}`,
    ),
    "",
  ];
}

function reason(changes: Row["changes"], because: string | undefined): string {
  const replacing = changes.filter(({ replaces }) => replaces);
  if (replacing.length > 0)
    return `: ${replacing.map((change) => `${code(change.path)} ${code(changeText(change))}`).join(", ")}`;
  return because === undefined ? "" : `, with ${code(nameOf(because))}`;
}

function findings(title: string, found: DifferenceDocument["newFindings"]): string[] {
  if (found.length === 0) return [];
  const groups = groupBy(found, ({ level, policy }) => `${level} ${code(policy)}`);
  return [
    `**${title}**`,
    "",
    ...[...groups].map(
      ([head, group]) => `- ${head}: ${group.map(({ urn }) => code(nameOf(urn))).join(", ")}`,
    ),
    "",
  ];
}

/** Every resource and its changes, folded. */
function detail(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const listed = rows.slice(0, LISTED);
  const rest = rows.length - listed.length;
  const lines = [...groupBy(listed, ({ component }) => component)].flatMap(([component, group]) => [
    `**${component === "" ? "the stack" : component}**`,
    "",
    ...group.flatMap(({ action, type, name, changes }) => [
      `- ${action} ${typeName(type)} ${code(name)}`,
      ...changes.map(
        (change) =>
          `  - ${code(change.path)}: ${code(changeText(change))}${change.replaces ? " (replaces)" : ""}`,
      ),
    ]),
    "",
  ]);
  return [
    `<details><summary>${rows.length} ${rows.length === 1 ? "resource" : "resources"}</summary>`,
    "",
    ...lines,
    ...(rest > 0 ? [`${rest} more are in the artifact.`, ""] : []),
    "</details>",
    "",
  ];
}

/** Text that Markdown shows as it is: in one line, between more backticks than it has in a row. */
function code(text: string): string {
  const line = text.replace(/\s*\n\s*/g, " ");
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  if (runs.length === 0) return `\`${line === "" ? " " : line}\``;
  const fence = "`".repeat(Math.max(...runs) + 1);
  return `${fence} ${line} ${fence}`;
}
