import type { Violation } from "../analyzer/verdicts";
import type { Written } from "./folder";
import { groupBy } from "./group";
import type { Plan } from "./json";
import { count, style, type Style } from "./style";
import { tree } from "./tree";

/** How to print the report. */
export interface HumanOptions {
  /** Each resource in the tree, not only the components. */
  all: boolean;
  colour: boolean;
  /** What `--out` wrote, if it was asked for. */
  written: Written | undefined;
}

/** The plan for a person: tree, types, outputs, verdicts, what to do next. */
export function human(plan: Plan, { all, colour, written }: HumanOptions): string {
  const look = style(colour);
  const sections = [
    [heading(plan, look), ...tree(plan.resources, look, all)],
    [look.bold("Resources by type"), ...byType(plan)],
    [look.bold("Outputs"), ...outputs(plan)],
    verdicts(plan, look),
    ...(written ? [[look.bold("Written"), ...files(written)]] : []),
    [look.bold("Next"), ...next(plan)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading({ stack, resources }: Plan, { bold }: Style): string {
  const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:")).length;
  const components = resources.filter(({ custom }) => !custom).length;
  const others = resources.length - providers - components;
  const parts = `${count(others, "resource")}, ${count(components, "component")}, ${count(providers, "provider")}`;
  return `${bold(stack)} as a new stack: ${parts}`;
}

function byType({ resources }: Plan): string[] {
  const types = groupBy(
    resources.filter(({ custom }) => custom),
    ({ type }) => type,
  );
  const rows = [...types].map(([type, { length }]) => ({ type, length }));
  rows.sort((a, b) => b.length - a.length || (a.type < b.type ? -1 : 1));
  return rows.map(({ type, length }) => `${String(length).padStart(5)}  ${type}`);
}

function outputs({ outputs }: Plan): string[] {
  const entries = Object.entries(outputs);
  if (entries.length === 0) return ["  none"];
  const width = Math.max(...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `  ${key.padEnd(width)}  ${text}`;
  });
}

function verdicts({ policyPack, policies, violations }: Plan, look: Style): string[] {
  const active = policies.filter(({ level }) => level !== "disabled");
  const mandatory = violations.filter(({ level }) => level === "mandatory");
  const advisory = violations.filter(({ level }) => level === "advisory");
  const failed = new Set(mandatory.map(({ policy }) => policy));
  const advised = new Set(advisory.map(({ policy }) => policy).filter((policy) => !failed.has(policy)));
  const passed = active.length - failed.size - advised.size;
  return [
    `${look.bold("Policies")} ${look.dim(`${policyPack.name} ${policyPack.version}`)}: ` +
      `${count(active.length, "policy", "policies")}, ${look.green(`${passed} passed`)}, ` +
      `${advised.size} with advice only, ${failed.size > 0 ? look.red(`${failed.size} violated`) : "0 violated"}`,
    ...grouped(advisory).flatMap((found) => advice(found, look)),
    ...mandatory.flatMap(({ policy, urn, message }) => [
      `  ${look.red("mandatory")} ${look.bold(policy)}`,
      `    ${urn}`,
      ...message.split("\n").map((line) => `    ${line}`),
    ]),
  ];
}

/** What a pack says of a policy that met a value which only `up` knows. */
const UNCHECKED = /^can't run policy .* during preview: /;
const NOT_YET = "Not checked yet: it reads values that only `up` knows, and is asked again then.";

/** Findings of one policy that say the same are shown once. */
function grouped(violations: readonly Violation[]): Violation[][] {
  const shown = violations.map((found) =>
    UNCHECKED.test(found.message) ? { ...found, message: NOT_YET } : found,
  );
  return [...groupBy(shown, ({ policy, message }) => `${policy}\n${message}`).values()];
}

/** How many resources are named under a piece of advice. */
const NAMED = 3;

function advice(found: readonly Violation[], look: Style): string[] {
  const [first] = found;
  if (!first) return [];
  const names = [...new Set(found.map(({ urn }) => urn.split("::").at(-1) ?? urn))];
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [
    `  ${look.yellow("advisory")} ${look.bold(first.policy)} ${look.dim(`on ${names.slice(0, NAMED).join(", ")}${rest}`)}`,
    ...first.message.split("\n").map((line) => `    ${line}`),
  ];
}

function files({ folder, manifests, unknowns }: Written): string[] {
  return [
    `  ${folder}/preview.json`,
    `  ${folder}/manifests: ${count(manifests, "Kubernetes object")}`,
    `  ${folder}/unknowns.json: ${count(unknowns, "placeholder")} in them`,
  ];
}

function next({ stack, violations }: Plan): string[] {
  return violations.some(({ level }) => level === "mandatory")
    ? [`  Mend the mandatory violations above: \`pulumi up --stack ${stack}\` would stop at them.`]
    : [
        `  With the CLI and an account: \`pulumi preview --stack ${stack}\`, then \`pulumi up --stack ${stack}\`.`,
        `  Every resource: --all. The whole plan as data: --json. Kubernetes manifests: --out DIR.`,
      ];
}
