import { groupBy } from "../report/group";
import type { Finding } from "../report/json";
import { style, type Style } from "../report/style";
import { costText, type CostDifference } from "./cost";
import type { Action, Row } from "./compare";
import type { DifferenceDocument } from "./document";
import { aliasText, changeText, nameOf, renameEffect, typeName } from "./text";

const MARK: Record<Action, string> = { added: "+", changed: "~", replaced: "±", deleted: "-" };

/** The difference as text: lost resources first, then renames, policies, and the rest by component. */
export function humanDifference(difference: DifferenceDocument, colour: boolean): string {
  const look = style(colour);
  const { stack, against, summary, rows, renames, cost } = difference;
  const lost = rows.filter(({ loses }) => loses);
  const counts = Object.entries(summary).map(([action, amount]) => `${amount} ${action}`);
  const others = rows.filter(({ loses, rename }) => !loses && rename === undefined);
  const sections = [
    [`${look.bold(stack)} against ${against}: ${counts.join(", ")}`],
    ...(rows.length === 0 ? [["No resource differs."]] : []),
    ...(lost.length === 0 ? [] : [losses(difference, lost, look)]),
    ...(renames.length === 0
      ? []
      : [[look.bold("Probable renames"), ...renames.flatMap((each) => renameLines(each, look))]]),
    ...(cost === undefined ? [] : [costLines(cost, look)]),
    ...policies("Policies newly violated", difference.newFindings, look),
    ...policies("Policies no longer violated", difference.oldFindings, look),
    ...[...groupBy(others, ({ component }) => component)].map(([component, group]) => [
      look.bold(component === "" ? "the stack" : component),
      ...group.flatMap((row) => rowLines(row, look)),
    ]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function losses({ accepted, lost }: DifferenceDocument, rows: readonly Row[], look: Style): string[] {
  const verdict =
    lost.length === 0
      ? look.yellow("Stateful resources are replaced or deleted, each accepted")
      : look.red("STATEFUL RESOURCES ARE REPLACED OR DELETED: their data is lost");
  return [
    look.bold(verdict),
    ...rows.flatMap((row) => [
      ...rowLines(row, look),
      ...(row.protect ? ["      protected: `pulumi up` refuses to delete it"] : []),
      accepted.includes(row.urn) ? "      accepted" : `      accept it with --accept '${row.urn}'`,
    ]),
  ];
}

function rowLines({ action, type, name, changes, because }: Row, look: Style): string[] {
  const colour = { added: look.green, changed: look.yellow, replaced: look.red, deleted: look.red }[action];
  return [
    `  ${colour(`${MARK[action]} ${action.padEnd(8)}`)} ${typeName(type)} ${look.bold(name)}`,
    ...changes.map(
      (change) =>
        `      ${change.path}: ${changeText(change)}${change.replaces ? look.red(" (replaces)") : ""}`,
    ),
    ...(because === undefined ? [] : [`      replaced with ${nameOf(because)}, which it refers to`]),
  ];
}

const renameLines = (rename: DifferenceDocument["renames"][number], look: Style): string[] => [
  `  ${typeName(rename.type)} ${nameOf(rename.from)} → ${look.bold(nameOf(rename.to))}: ${renameEffect(rename)}`,
  `      ${aliasText(rename.alias)}`,
];

const costLines = (cost: CostDifference, look: Style): string[] => [
  `${look.bold("Cost a month")} ${costText(cost)}`,
  ...cost.components.map((each) => `  ${each.component}: ${costText(each)}`),
];

function policies(title: string, findings: readonly Finding[], look: Style): string[][] {
  if (findings.length === 0) return [];
  const lines = findings.map(
    ({ level, policy, urn }) =>
      `  ${level === "mandatory" ? look.red(level) : look.yellow(level)} ${policy}: ${nameOf(urn)}`,
  );
  return [[look.bold(title), ...lines]];
}
