import type { RecoveryRow } from "../../config";
import { costs, type Estimate } from "./costs";
import { findings, verdicts } from "./findings";
import type { Written } from "./folder";
import { groupBy } from "./group";
import type { Plan } from "./json";
import { count, style, type Style } from "./style";
import type { StoreRow } from "./stores";
import { systemsOf, type SystemSummary, type WorkloadRow } from "./systems";
import { table } from "./table";
import { tree } from "./tree";

/** The output that is printed as tables. */
const recoveryOutput = "recovery";

/** How to print the report. */
export interface HumanOptions {
  /** Each resource in the tree, not only the components; and how many there are of each type. */
  all: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
  /** The files of `--out`, if requested. */
  written: Written | undefined;
  /** Monthly cost; none if the stack file has no region. */
  cost: Estimate | undefined;
}

/** The plan as text: findings of policies, the systems and their sizes, components, next steps. */
export function human(plan: Plan, { all, colour, width, written, cost }: HumanOptions): string {
  const look = style(colour);
  const sections = [
    [heading(plan, look)],
    [verdicts(plan, look), ...findings(plan, look)],
    ...systemsOf(plan.resources).map((system) => systemTables(system, look, width)),
    [look.bold(all ? "Resources" : "Components"), ...tree(plan.resources, look, { all, width })],
    ...(all ? [[look.bold("Resources by type"), ...byType(plan)]] : []),
    ...recoveryTables(plan, look, width),
    ...(cost ? [[look.bold("Cost a month"), ...costs(cost, all)]] : []),
    [look.bold("Outputs"), ...outputs(plan)],
    ...(written ? [[look.bold("Written"), ...files(written)]] : []),
    [look.bold("Next"), ...next(plan)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const WORKLOAD: Record<keyof WorkloadRow, string> = {
  workload: "workload",
  image: "image",
  pods: "pods",
  cpu: "CPU",
  memory: "memory",
  release: "release",
  public: "public",
};

const STORE: Record<keyof StoreRow, string> = {
  store: "store",
  kind: "kind",
  class: "class",
  gib: "GiB",
  standby: "standby",
  replicas: "replicas",
  backup: "backup",
};

function systemTables({ name, workloads, stores }: SystemSummary, look: Style, width: number): string[] {
  return [
    look.bold(`System ${name}`),
    ...rows(WORKLOAD, workloads, width),
    "",
    ...rows(STORE, stores, width),
  ];
}

const RECOVERY: Record<keyof RecoveryRow, string> = {
  failure: "failure",
  rto: "RTO",
  rpo: "RPO",
  because: "because",
};

/** What each failure costs a system: the program's own output, as a table. */
function recoveryTables({ outputs }: Plan, look: Style, width: number): string[][] {
  const systems = (outputs[recoveryOutput] ?? {}) as unknown as Record<string, RecoveryRow[]>;
  return Object.entries(systems).map(([system, all]) => [
    look.bold(`Recovery of ${system}`),
    ...rows(RECOVERY, all, width),
  ]);
}

function rows<K extends string>(
  columns: Record<K, string>,
  all: readonly Record<K, string>[],
  width: number,
): string[] {
  const keys = Object.keys(columns) as K[];
  const cells = all.map((row) => keys.map((key) => row[key]));
  return all.length === 0
    ? []
    : table(
        keys.map((key) => columns[key]),
        cells,
        width,
      );
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
  const entries = Object.entries(outputs).filter(([key]) => key !== recoveryOutput);
  if (entries.length === 0) return ["  none"];
  const width = Math.max(...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `  ${key.padEnd(width)}  ${text}`;
  });
}

function files({ folder, manifests, unknowns }: Written): string[] {
  return [
    `  ${folder}/index.html: the report, to open in a browser`,
    `  ${folder}/preview.json`,
    `  ${folder}/manifests: ${count(manifests, "Kubernetes object")}`,
    `  ${folder}/unknowns.json: ${count(unknowns, "placeholder")} in them`,
  ];
}

function next({ stack, violations }: Plan): string[] {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  if (mandatory > 0)
    return [
      `  Fix the ${count(mandatory, "mandatory violation")} above: \`${pulumi(stack, "up")}\` stops at them.`,
    ];
  return [
    "  With the CLI and an account:",
    "    npm run build:policies",
    `    ${pulumi(stack, "preview")}`,
    `    ${pulumi(stack, "up")}`,
    "  Every resource: --all. The whole plan as data: --json. Kubernetes manifests: --out DIR.",
  ];
}

/** The CLI's command for a stack; that of a project in a folder of its own runs there. */
function pulumi(stack: string, command: "preview" | "up"): string {
  const [folder, name] = stack.includes("/") ? stack.split("/") : [undefined, stack];
  return folder === undefined
    ? `pulumi ${command} --stack ${stack} --policy-pack policies`
    : `pulumi --cwd ${folder} ${command} --stack ${name} --policy-pack ../policies`;
}
