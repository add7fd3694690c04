import type { Wire } from "../wire";
import type { Change } from "./changes";
import type { DifferenceDocument } from "./document";

/** Characters of a value that a line shows. */
const LENGTH = 60;

/** A value in one line, cut in its middle where it is long. */
function shortValue(value: Wire | undefined): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" && /^[\w[][\w.:/@\]-]*$/.test(value) ? value : JSON.stringify(value);
  return text.length <= LENGTH ? text : `${text.slice(0, LENGTH / 2)}…${text.slice(-LENGTH / 2 + 1)}`;
}

export const changeText = ({ before, after }: Pick<Change, "before" | "after">): string =>
  `${shortValue(before)} → ${shortValue(after)}`;

/** `Instance` of `aws:rds/instance:Instance`. */
export const typeName = (type: string): string => type.split(":").at(-1) ?? type;
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** An alias as a program writes it. */
export function aliasText({ name, parent, type }: DifferenceDocument["renames"][number]["alias"]): string {
  const parts = Object.entries({ name, parent, type }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`],
  );
  return `aliases: [{ ${parts.join(", ")} }]`;
}

/** What an alias would do for a rename, in words. */
export function renameEffect({
  keeps,
  keepsStateful,
  replaces,
}: DifferenceDocument["renames"][number]): string {
  const stateful = keepsStateful > 0 ? `, ${keepsStateful} of them stateful` : "";
  const others = replaces > 0 ? `; ${replaces} would still be replaced` : "";
  return `an alias would keep ${keeps} ${keeps === 1 ? "resource" : "resources"}${stateful}${others}`;
}
