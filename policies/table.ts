import { bindings, ingresses, roles } from "../standards/objects";
import { containers, pods } from "../standards/pods";
import { publishedStandards } from "./controls";
import { sections } from "./pack";
import type { StandardControl } from "./published/standard";
import { reasonFor, securityWords } from "./unread";

/** Findings about the rules from running them on the stacks. */
export interface Findings {
  /** Properties that each rule reads by name, `type path`, in order. */
  reads: (rule: string) => string[];
  /** Tests of each rule. */
  tests: (rule: string) => string[];
  /** Security-related properties that no rule reads. */
  unread: (words: RegExp) => string[];
}

/** One rule for auditors. */
interface Row {
  name: string;
  level: string;
  severity: string;
  description: string;
  remediation: string;
  url: string;
  remediates: boolean;
  /** Settings and their defaults, such as `minimumDays = 1`. */
  settings: string[];
}

const inCluster = new Set([containers, pods, ingresses, roles, bindings].flatMap((one) => Object.keys(one)));

const rowsOf = (section: string): Row[] =>
  (sections[section] ?? []).map((policy) => ({
    name: policy.name,
    level: policy.enforcementLevel ?? "mandatory",
    severity: policy.severity ?? "medium",
    description: policy.description,
    remediation: policy.remediationSteps ?? "",
    url: policy.url ?? "",
    remediates: "remediateResource" in policy,
    settings: Object.entries(policy.configSchema?.properties ?? {}).map(
      ([key, setting]) => `${key} = ${JSON.stringify(setting.default)}`,
    ),
  }));

/** The pack as a page. */
export function page(findings: Findings): string {
  const rows = Object.keys(sections).flatMap(rowsOf);
  const levels = new Map(rows.map(({ name, level }) => [name, level]));
  const mandatory = rows.filter(({ level }) => level === "mandatory").length;
  return [
    "# Policies",
    "",
    "<!-- Written by `npm run docs:policies` from policies/ and the recorded stacks. Do not edit. -->",
    "",
    ...introduction(rows.length, mandatory),
    ...howTo,
    ...publishedStandards.flatMap(({ name, url, controls }) => [
      `## ${name}`,
      "",
      `From [the standard](${url}). Rules read these properties; the rule's own line below has its requirement.`,
      "",
      table(
        ["control", "asks", "rules", "properties read", "test"],
        controls.map((one) => controlLine(one, levels, findings)),
      ),
    ]),
    "## Properties that no rule reads",
    "",
    "Properties of the resources that the stacks register whose names are security-related, and that no rule reads by name. Found by running every rule on every recorded resource; a new one without a reason fails a test.",
    "",
    unreadTable(findings.unread(securityWords)),
    ...Object.keys(sections).flatMap((section) => [
      `## ${section}`,
      "",
      table(["policy", "level", "severity", "rule", "remedy"], rowsOf(section).map(ruleLine)),
    ]),
  ].join("\n");
}

const introduction = (count: number, mandatory: number): string[] => [
  `${count} rules, of which ${mandatory} are mandatory: a violation stops \`pulumi up\` and fails the preview. The others are advisory. Each stack's levels and settings are in \`policies/config/<stack>.json\`, in the format of \`--policy-pack-config\`; \`npm run preview\` reads the same file. At the level \`remediate\`, off by default, the rules marked below correct the property automatically.`,
  "",
  "The same rules run in four places:",
  "",
  "- on a stack, by `pulumi preview`, `pulumi up` and `npm run preview`;",
  "- on the deployed state: `pulumi stack export > state.json`, then `pulumi policy analyze --policy-pack policies --policy-pack-config policies/config/prod.json --file state.json`. It needs no backend; secrets in the file count as hidden. With `--stack prod` instead of `--file` it reads the stack's own state;",
  "- on rendered charts and manifests, by `npm run policies -- FILE…` (`helm template … | npm run -s policies -- -`);",
  "- in the cluster: rules marked _API server_ are ValidatingAdmissionPolicies too, from the same data in `standards/`, in the systems' namespaces.",
  "",
  "Exemptions are in `policies/exemptions.ts`, each with reason, owner and last day.",
  "",
  "`npm run test:mutations` proves the rules: it changes every resource that the stacks register, one property at a time, and runs the pack on each change. Accepted changes are in `test/mutations/accepted.json` with their reason; any other change that passes fails the command.",
  "",
];

const howTo = [
  "## How to add a rule",
  "",
  "1. Find the form. A property that must be X is a row of `must(types, control, rows)` (`policies/aws/*-rows.ts`, `policies/kubernetes/*-rows.ts`); a required companion of a resource is a row of `companions` (`policies/aws/beside.ts`); a permission that a document must not grant is `noStatement` (`policies/lib/documents.ts`); a rule on the whole stack is `onStack`. Use code (`onType`) only if none of these fits.",
  "2. Take the tests of values from `standards/tests.ts` (`is`, `given`, `between`, `like`, …). A rule that the API server should also enforce is a row in `standards/`.",
  "3. Give the control a kebab-case name that starts with the service, a description in one sentence, a severity, a remedy and a link to the platform's documentation. Set `remediates` only if setting the property can't break anything.",
  "4. A new type with a policy document is a line of `carriers` (`policies/lib/statements.ts`); a new chart is an entry of `charts` (`standards/charts.ts`) and of `thirdPartyImages` (`standards/images.ts`) if its pods run in a system's namespace.",
  "5. Add a scenario with a good stack and bad changes in `test/policies/scenarios/`, unless the rule only has rows: those are tested with invalid values automatically.",
  "6. Say in `test/mutations/areas.ts` which changes of the type matter. Run `npm run test:mutations`: for each change that passes, write a rule or add a line to `accepted.json` with a reason.",
  "7. Add it to its controls in `policies/published/`, run `npm run docs:policies`, and check that no property is without a reason (`policies/unread.ts`).",
  "",
];

/** `aws:rds/instance:Instance multiAz` as `Instance.multiAz`. */
const short = (property: string) => property.replace(/^\S*:(\w+) /, "$1.").replaceAll("\\", "");

function controlLine(
  [id, asks, rules]: StandardControl,
  levels: Map<string, string>,
  findings: Findings,
): string[] {
  if (typeof rules === "string") return [id, asks, "does not apply", rules, ""];
  const read = [...new Set(rules.flatMap((rule) => findings.reads(rule).map(short)))];
  const shown = read.length > 6 ? [...read.slice(0, 6), "…"] : read;
  return [
    id,
    asks,
    rules.map((rule) => `${rule} (${levels.get(rule)})`).join(", "),
    shown.length > 0 ? shown.map((one) => `\`${one}\``).join(", ") : "of types that no stack registers now",
    [...new Set(rules.flatMap(findings.tests))].join("; "),
  ];
}

function unreadTable(properties: readonly string[]): string {
  const byReason = new Map<string, string[]>();
  for (const property of properties) {
    const reason = reasonFor(property) ?? "NO REASON";
    byReason.set(reason, [...(byReason.get(reason) ?? []), short(property)]);
  }
  return table(
    ["properties", "why"],
    [...byReason].map(([reason, of]) => {
      const all = [...new Set(of)];
      const named = all.slice(0, 8).map((one) => `\`${one}\``);
      return [[...named, ...(all.length > 8 ? [`and ${all.length - 8} more`] : [])].join(", "), reason];
    }),
  );
}

function ruleLine({
  name,
  level,
  severity,
  description,
  remediation,
  url,
  remediates,
  settings,
}: Row): string[] {
  const more = [
    ...(settings.length > 0 ? [`Settings: ${settings.map((one) => `\`${one}\``).join(", ")}.`] : []),
    ...(remediates ? ["Can `remediate`."] : []),
  ];
  return [
    url ? `[${name}](${url})` : name,
    level,
    severity,
    inCluster.has(name) ? `${description} _API server_` : description,
    [remediation, ...more].join(" "),
  ];
}

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n") + "\n";
