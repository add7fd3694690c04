import { gzipSync } from "node:zlib";

import { asset } from "../../assets";
import type { CostRow } from "../../cost";
import type { Plan } from "../json";
import type { StackKeys } from "../stack-key";
import { escape } from "./escape";
import { graphOf } from "./graph";
import { layOut } from "./layout";
import { architecture, costs, objectives, policies, requirements, timeline } from "./sections";
import { svg } from "./svg";
import { timelineOf } from "./timeline";
import type { TraceRow } from "../trace";

/** Content of the page in addition to the plan. */
export interface PageFacts {
  /** The stack file's keys, which include the objectives. */
  keys: StackKeys;
  /** Requirements with the resources that meet them; empty where the project has none. */
  trace: readonly TraceRow[];
  /** Monthly cost of each resource, if the plan has been priced. */
  cost?: readonly CostRow[] | undefined;
}

/** The plan as one self-contained HTML document: no network, no other file. */
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
  id,
  title,
  html: `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${body}\n</section>`,
});

/** Resources with their findings and requirements, compressed: the page's script reads them. */
function data(plan: Plan, trace: readonly TraceRow[]): string {
  const index = new Map(plan.resources.map(({ urn }, at) => [urn, at]));
  const rows = new Map<string, string[]>();
  for (const { row, resources } of trace)
    for (const urn of resources) rows.set(urn, [...(rows.get(urn) ?? []), row]);
  const resources = plan.resources.map(({ urn, type, name, parent, custom, protect, inputs }) => ({
    urn,
    type,
    name,
    parent: index.get(parent ?? "") ?? -1,
    custom,
    protect,
    inputs,
    findings: plan.violations
      .filter((finding) => finding.urn === urn)
      .map(({ policy, level, message, remediation }) => ({ policy, level, message, remediation })),
    rows: rows.get(urn) ?? [],
  }));
  return gzipSync(JSON.stringify(resources), { level: 9 }).toString("base64");
}
