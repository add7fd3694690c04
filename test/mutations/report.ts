import type { Outcome } from "./judge";

/** A mutation that the pack allows, and why that is right. Reviewed by people: `accepted.json`. */
export interface Accepted {
  type: string;
  path: string;
  kind: string;
  change: string;
  reason: string;
}

export const acceptedKey = ({ type, path, kind, change }: Omit<Accepted, "reason">): string =>
  [type, path === "" ? "(whole)" : path, kind, change].join(" · ");

/** Allowed mutations that weren't reviewed, and accepted ones that are caught now; each once. */
export function compare(outcomes: readonly Outcome[], accepted: readonly Accepted[]) {
  const passed = new Map(
    outcomes.filter(({ verdict }) => verdict !== "caught").map((one) => [acceptedKey(one), one]),
  );
  const known = new Set(accepted.map(acceptedKey));
  return {
    unreviewed: [...passed].filter(([key]) => !known.has(key)).map(([, one]) => one),
    stale: accepted.filter((one) => !passed.has(acceptedKey(one))),
  };
}

/** Caught, advised and allowed mutations by effect and area, then the allowed ones by type and property. */
export function report(outcomes: readonly Outcome[], accepted: readonly Accepted[]): string {
  const known = new Set(accepted.map(acceptedKey));
  const lines: string[] = [];
  for (const weight of ["opens", "layer"] as const) {
    const all = outcomes.filter((one) => one.weight === weight);
    lines.push(`${weight}: ${share(all)}`);
    for (const area of [...new Set(all.map((one) => one.area))].sort())
      lines.push(`  ${area.padEnd(14)}${share(all.filter((one) => one.area === area))}`);
  }
  const open = outcomes.filter((one) => one.verdict !== "caught");
  const grouped = new Map<string, Outcome[]>();
  for (const one of open) grouped.set(acceptedKey(one), [...(grouped.get(acceptedKey(one)) ?? []), one]);
  for (const [key, group] of [...grouped].sort())
    lines.push(
      `${known.has(key) ? "accepted" : "PASSED  "} ${group.length} × ${key} (${group[0]?.weight}, ${group[0]?.verdict}; ${group[0]?.name})`,
    );
  return `${lines.join("\n")}\n`;
}

function share(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome["verdict"]) => outcomes.filter((one) => one.verdict === verdict).length;
  const percent = outcomes.length === 0 ? 100 : Math.floor((100 * count("caught")) / outcomes.length);
  return `${percent} % of ${outcomes.length} caught, ${count("advice")} advice, ${count("passed")} passed`;
}
