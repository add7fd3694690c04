import { gzipSync } from "node:zlib";

import { asset } from "../../assets";
import type { CostRow } from "../../cost";
import { groupBy } from "../group";
import type { Plan } from "../json";
import type { StackKeys } from "../stack-key";
import { escape } from "./escape";
import { graphOf } from "./graph";
import { layOut } from "./layout";
import { svg } from "./svg";
import { timelineOf, type Timeline } from "./timeline";
import type { TraceRow } from "../trace";

/** What the page shows besides the plan. */
export interface PageFacts {
  /** The stack file's own keys: objectives stand there. */
  keys: StackKeys;
  /** Requirements with the resources that meet them; empty where the project has none. */
  trace: readonly TraceRow[];
  /** What each resource costs a month, where the plan has been priced. */
  cost?: readonly CostRow[] | undefined;
}

/** The plan as one HTML document that needs nothing else: no network, no other file. */
export async function page(plan: Plan, { keys, trace, cost = [] }: PageFacts): Promise<string> {
  const picture = await layOut(graphOf(plan.resources));
  const systems = [
    ...new Set(picture.items.map(({ system }) => system).filter((name) => name !== "")),
  ].sort();
  const custom = plan.resources.filter(({ custom }) => custom).length;
  const mandatory = plan.violations.filter(({ level }) => level === "mandatory").length;
  const sections = [
    section("architecture", "Architecture", architecture(svg(picture), systems)),
    section(
      "resources",
      "Resources",
      '<p><label>Search <input id="tree-search" type="search"></label></p><div id="tree"></div>',
    ),
    section("policies", "Policies", policies(plan)),
    section("objectives", "Objectives", objectives(keys)),
    ...(cost.length === 0 ? [] : [section("cost", "Cost a month", costs(cost, systems))]),
    section("timeline", "Deployment timeline", timeline(timelineOf(plan.resources))),
    ...(trace.length === 0 ? [] : [section("requirements", "Requirements", requirements(trace))]),
  ];
  const titles = sections.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join(" ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${escape(plan.stack)}: plan</title>
<style>${asset("client.css")}</style>
</head>
<body>
<a class="skip" href="#architecture">Skip to the content</a>
<header><h1>${escape(plan.stack)}</h1><p>${custom} resources, ${plan.policies.filter(({ level }) => level !== "disabled").length} policies, ${mandatory} mandatory violations</p><nav aria-label="Sections">${titles}</nav></header>
<main>
${sections.map(({ html }) => html).join("\n")}
</main>
<aside id="detail" aria-live="polite" hidden><button id="close" type="button" aria-label="Close">✕</button><div id="detail-content"></div></aside>
<script type="application/octet-stream" id="data">${data(plan, trace)}</script>
<script>${asset("client.js")}</script>
</body>
</html>
`;
}

interface Section {
  id: string;
  title: string;
  html: string;
}

const section = (id: string, title: string, body: string): Section => ({
  ...{ id, title },
  html: `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${body}\n</section>`,
});

/** Resources and what is said of them, compressed: a script reads it, and a person reads it in the page. */
function data(plan: Plan, trace: readonly TraceRow[]): string {
  const index = new Map(plan.resources.map(({ urn }, at) => [urn, at]));
  const rows = new Map<string, string[]>();
  for (const { row, resources } of trace)
    for (const urn of resources) rows.set(urn, [...(rows.get(urn) ?? []), row]);
  const resources = plan.resources.map(({ urn, type, name, parent, custom, protect, inputs }) => ({
    ...{ urn, type, name, parent: index.get(parent ?? "") ?? -1, custom, protect, inputs },
    findings: plan.violations
      .filter((finding) => finding.urn === urn)
      .map(({ policy, level, message, remediation }) => ({ policy, level, message, remediation })),
    rows: rows.get(urn) ?? [],
  }));
  return gzipSync(JSON.stringify(resources), { level: 9 }).toString("base64");
}

function architecture(picture: string, systems: readonly string[]): string {
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
const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

function policies({ violations }: Plan): string {
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

function objectives({ systems }: StackKeys): string {
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
function costs(rows: readonly CostRow[], systems: readonly string[]): string {
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

function timeline({ total, bars, critical }: Timeline): string {
  const share = (minutes: number) => `${((minutes / Math.max(total, 1)) * 100).toFixed(2)}%`;
  const shown = bars.filter(({ start, end }) => end - start >= WORTH_A_BAR);
  const rows = shown.map(
    ({ name, start, end, critical }) =>
      `<tr><th scope="row">${escape(name)}</th><td>${start.toFixed(0)}–${end.toFixed(0)}${critical ? ", critical" : ""}</td><td class="bar"><span class="${critical ? "critical" : ""}" style="margin-left:${share(start)};width:${share(end - start)}"></span></td></tr>`,
  );
  return `<p>A new stack is there after about ${Math.round(total)} minutes, by a model: each resource starts when all that it depends on is there. Components that take less than a minute have no bar; red ones have a resource on the critical path.</p>
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

function requirements(trace: readonly TraceRow[]): string {
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
