import { bindings, ingresses, roles } from "../standards/objects";
import { containers, pods } from "../standards/pods";
import { publishedStandards } from "./controls";
import { sections } from "./pack";
import type { StandardControl } from "./published/standard";
import { reasonFor, securityWords } from "./unread";

/** Findings about the policies from running them on the stacks. */
export interface Findings {
  /** Properties that each policy reads by name, `type path`, in order. */
  reads: (policy: string) => string[];
  /** Tests of each policy. */
  tests: (policy: string) => string[];
  /** Security-related properties that no policy reads. */
  unread: (words: RegExp) => string[];
}

/** One policy for auditors. */
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
      `Controls of [the standard](${url}), the policies that implement them, and the properties that these policies read. The sections below describe each policy.`,
      "",
      table(
        ["control", "title", "policies", "properties read", "test"],
        controls.map((one) => controlLine(one, levels, findings)),
      ),
    ]),
    "## Properties that no policy reads",
    "",
    "Security-related properties of the stacks' resources that no policy reads by name, and the reason. They are found by running every policy on every recorded resource. A test fails if a property has no reason.",
    "",
    unreadTable(findings.unread(securityWords)),
    ...Object.keys(sections).flatMap((section) => [
      `## ${section}`,
      "",
      table(["policy", "level", "severity", "description", "remediation"], rowsOf(section).map(ruleLine)),
    ]),
  ].join("\n");
}

const introduction = (count: number, mandatory: number): string[] => [
  `The policy pack has ${count} policies. ${mandatory} are mandatory: a violation stops \`pulumi up\` and fails the preview. The others are advisory. \`policies/config/<stack>.json\` sets the enforcement levels and settings of a stack, in the format of \`--policy-pack-config\`. \`npm run preview\` reads the same file. Policies marked _remediates_ can correct the property automatically if their level is set to \`remediate\`, which is off by default.`,
  "",
  "The policies run in four places:",
  "",
  "- On a stack: `pulumi preview`, `pulumi up` and `npm run preview`.",
  "- On the deployed state: `pulumi stack export > state.json`, then `pulumi policy analyze --policy-pack policies --policy-pack-config policies/config/prod.json --file state.json`. This needs no backend, and secrets in the file stay encrypted. With `--stack prod` instead of `--file`, the command reads the state from the backend.",
  "- On rendered charts and manifests: `npm run policies -- FILE…`, such as `helm template … | npm run -s policies -- -`.",
  "- In the cluster: policies marked _API server_ are also ValidatingAdmissionPolicies in the systems' namespaces, from the same data in `standards/`.",
  "",
  "`policies/exemptions.ts` lists exemptions, each with a reason, an owner and an expiry date.",
  "",
  "`npm run test:mutations` tests the policies: it changes every resource of the stacks, one property at a time, and runs the pack on each change. The command fails if a change passes the pack and is not in `test/mutations/accepted.json`, which gives a reason for each accepted change.",
  "",
];

const howTo = [
  "## How to add a policy",
  "",
  "1. Choose the form. For the value of a property, add a row to `must(types, control, rows)` (`policies/aws/*-rows.ts`, `policies/kubernetes/*-rows.ts`). For a resource that another one requires, add a row to `companions` (`policies/aws/beside.ts`). For a permission that a policy document must not grant, use `noStatement` (`policies/lib/documents.ts`). For several resources at once, use `onStack`. Write code (`onType`) only if none of these fits.",
  "2. Use the tests of values in `standards/tests.ts` (`is`, `given`, `between`, `like`, …). If the API server should also enforce the policy, add the row in `standards/`.",
  "3. Set the name (kebab case, starting with the service), a severity and the URL of the documentation. The description is one sentence that states the rule: which resources must do what. The remediation says in the imperative which property to set to which value. A message names the property, the value found and the values allowed. Set `remediates` only if correcting the property can't break anything.",
  "4. Add a new type with a policy document to `carriers` (`policies/lib/carriers.ts`). Add a new chart to `charts` (`standards/charts.ts`), and its images to `thirdPartyImages` (`standards/images.ts`) if its pods run in a system's namespace.",
  "5. Add a scenario with a valid stack and invalid changes to `test/policies/scenarios/`. Policies that only have rows don't need one: a test runs them with invalid values.",
  "6. Add the type's relevant changes to `test/mutations/areas.ts`, and run `npm run test:mutations`. For each change that passes, add a policy, or a line with a reason to `accepted.json`.",
  "7. Add the policy to its controls in `policies/published/`, and run `npm run docs:policies`. If a property has no reason, add one to `policies/unread.ts`.",
  "",
];

/** `aws:rds/instance:Instance multiAz` as `Instance.multiAz`. */
const short = (property: string) => property.replace(/^\S*:(\w+) /, "$1.").replaceAll("\\", "");

function controlLine(
  [id, title, rules]: StandardControl,
  levels: Map<string, string>,
  findings: Findings,
): string[] {
  if (typeof rules === "string") return [id, title, "none", rules, ""];
  const read = [...new Set(rules.flatMap((rule) => findings.reads(rule).map(short)))];
  const shown = read.length > 6 ? [...read.slice(0, 6), "…"] : read;
  return [
    id,
    title,
    rules.map((rule) => `${rule} (${levels.get(rule)})`).join(", "),
    shown.length > 0 ? shown.map((one) => `\`${one}\``).join(", ") : "of types that no stack uses yet",
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
    ["properties", "reason"],
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
    ...(remediates ? ["_remediates_"] : []),
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
