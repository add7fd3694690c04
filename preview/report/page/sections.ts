import type { CostRow } from "../../cost";
import { nameOf } from "../../difference/text";
import { groupBy } from "../group";
import type { Plan } from "../json";
import type { StackKeys } from "../stack-key";
import type { TraceRow } from "../trace";
import { escape } from "./escape";
import type { Timeline } from "./timeline";

/** The sections of the page, as HTML. */

export function architecture(picture: string, systems: readonly string[]): string {
  const options = systems.map((system) => `<option>${escape(system)}</option>`).join("");
  return `<div class="controls">
<label>Search <input id="search" type="search"></label>
<label>System <select id="system"><option value="">all</option>${options}</select></label>
<span role="group" aria-label="Zoom"><button id="zoom-in" type="button" aria-label="Zoom in">+</button><button id="zoom-out" type="button" aria-label="Zoom out">−</button><button id="zoom-all" type="button">Fit</button></span>
<span class="legend"><span class="route">route</span> <span class="network">network policy</span> <span class="iam">IAM</span></span>
<output id="matches" for="search system"></output>
</div>
<div id="canvas">${picture}</div>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join("");
  return wide(
    `<table><thead><tr>${cells("th", head)}</tr></thead><tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody></table>`,
  );
}

/** A table that scrolls by itself where the window is narrower. */
const wide = (html: string) => `<div class="wide">${html}</div>`;

/** A table of bars. Each row has a name, a text and a bar. */
const barTable = (head: readonly string[], rows: readonly string[]) =>
  wide(
    `<table class="bars"><thead><tr>${head.map((each) => `<th>${each}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`,
  );

const choose = (urn: string, text: string) =>
  `<button type="button" class="link" data-id="${escape(urn)}">${escape(text)}</button>`;

export function policies({ violations }: Plan): string {
  if (violations.length === 0) return "<p>No policy is violated.</p>";
  return table(
    ["level", "policy", "resource", "message"],
    violations.map(({ level, policy, urn, message }) => [
      level,
      escape(policy),
      choose(urn, nameOf(urn)),
      escape(message),
    ]),
  );
}

export function objectives({ systems }: StackKeys): string {
  const entries = typeof systems === "object" && systems !== null ? Object.entries(systems) : [];
  const rows = entries.flatMap(([system, settings]: [string, { objectives?: Record<string, unknown> }]) =>
    leaves(settings.objectives ?? {}).map(([key, value]) => [escape(system), escape(key), escape(value)]),
  );
  return rows.length === 0
    ? "<p>The stack file has no objectives.</p>"
    : table(["system", "objective", "value"], rows);
}

/** Values with their paths: `recovery.rtoHours`. A list is one value. */
const leaves = (value: object, path = ""): [string, string][] =>
  Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    if (Array.isArray(each)) return [[`${path}${key}`, each.join(", ")]];
    return typeof each === "object" && each !== null
      ? leaves(each, `${path}${key}.`)
      : [[`${path}${key}`, String(each)]];
  });

/** By system and by component, in US dollars, the largest first. */
export function costs(rows: readonly CostRow[], systems: readonly string[]): string {
  const total = rows.reduce((sum, { usd }) => sum + usd, 0);
  const chart = (title: string, keyOf: (row: CostRow) => string) => {
    const sums = [...groupBy(rows, keyOf)]
      .map(([key, group]) => ({ key, usd: group.reduce((sum, { usd }) => sum + usd, 0) }))
      .sort((a, b) => b.usd - a.usd);
    const lines = sums.map(
      ({ key, usd }) =>
        `<tr><th scope="row">${escape(key)}</th><td>${usd.toFixed(2)}</td><td class="bar"><span style="width:${((usd / Math.max(total, 1)) * 100).toFixed(2)}%"></span></td></tr>`,
    );
    return barTable([title, "USD", "share"], lines);
  };
  return `<p>USD ${total.toFixed(2)} at list prices.</p>
${chart("system", ({ component }) => systems.find((system) => `${component}-`.includes(`-${system}-`)) ?? "shared")}
${chart("component", ({ component }) => component)}`;
}

/** Minutes that a component must take to have a bar. */
const WORTH_A_BAR = 1;

export function timeline({ total, bars, critical }: Timeline): string {
  const share = (minutes: number) => `${((minutes / Math.max(total, 1)) * 100).toFixed(2)}%`;
  const shown = bars.filter(({ start, end }) => end - start >= WORTH_A_BAR);
  const rows = shown.map(
    ({ name, start, end, critical }) =>
      `<tr><th scope="row">${escape(name)}</th><td>${start.toFixed(0)}–${end.toFixed(0)}${critical ? ", critical" : ""}</td><td class="bar"><span class="${critical ? "critical" : ""}" style="margin-left:${share(start)};width:${share(end - start)}"></span></td></tr>`,
  );
  return `<p>Creating a new stack takes about ${Math.round(total)} minutes, by a model: each resource starts when all of its dependencies exist. Components that take less than a minute have no bar; red ones have a resource on the critical path.</p>
${barTable(["component", "minutes", "time"], rows)}
<h3>Critical path</h3>
${table(
  ["resource", "starts at minute", "takes minutes", "source of the time"],
  critical.map(({ urn, start, minutes, source }) => [
    choose(urn, nameOf(urn)),
    start.toFixed(1),
    minutes.toFixed(1),
    escape(source),
  ]),
)}`;
}

/** Resources that a row shows before it counts the rest. */
const NAMED = 8;

export function requirements(trace: readonly TraceRow[]): string {
  return table(
    ["row", "requirement", "state", "resources", "tests"],
    trace.map(({ row, requirement, state, resources, tests }) => [
      `<span id="row-${escape(row)}">${escape(row)}</span>`,
      escape(requirement),
      escape(state),
      resources
        .slice(0, NAMED)
        .map((urn) => choose(urn, nameOf(urn)))
        .join(", ") + (resources.length > NAMED ? ` and ${resources.length - NAMED} more` : ""),
      tests.map(escape).join(", "),
    ]),
  );
}
