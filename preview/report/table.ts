import Table from "cli-table3";

/** Columns of text without lines around them: one blank more between two columns than within a word. */
const BORDERLESS = Object.fromEntries(
  ["top", "bottom", "mid", "left", "right", "middle"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((end) => [`${side}${end}`, ""]),
  ),
);

/** Characters that a column may not be narrower than. */
const LEAST = 8;
/** Blanks between two columns, and before the first. */
const GAP = 2;

/**
 * Rows under headings, aligned, no line longer than `width`: the widest columns wrap where the terminal is too narrow.
 * Empty columns are left out.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const used = headings.map((_, column) => rows.some((row) => (row[column] ?? "") !== ""));
  const pick = (cells: readonly string[]) => cells.filter((_, column) => used[column]);
  const all = [pick(headings), ...rows.map(pick)];
  const widths = fit(
    all[0]?.map((_, column) => Math.max(...all.map((row) => longest(row[column] ?? "")))) ?? [],
    width,
  );
  const printed = new Table({
    chars: BORDERLESS,
    style: { "padding-left": GAP, "padding-right": 0, head: [], border: [], compact: true },
    colWidths: widths.map((one) => one + GAP),
    wordWrap: true,
  });
  printed.push(...all.map((row) => row.map((cell, column) => breakable(cell, widths[column] ?? LEAST))));
  return printed
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

const longest = (cell: string) => Math.max(...cell.split("\n").map((line) => line.length));

/** A word that is longer than its column is broken where the line ends. */
const breakable = (cell: string, width: number) =>
  cell.replace(new RegExp(`\\S{${width}}(?=\\S)`, "g"), "$& ");

/** Takes from the widest column until all fit. */
function fit(widths: number[], width: number): number[] {
  const result = [...widths];
  const total = () => result.reduce((sum, one) => sum + one + GAP, 0);
  while (total() > width) {
    const widest = result.indexOf(Math.max(...result));
    if ((result[widest] ?? 0) <= LEAST) break;
    result[widest] = (result[widest] ?? 0) - 1;
  }
  return result;
}
