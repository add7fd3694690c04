import { sections } from "./pack";

/** One rule as an auditor reads it. */
export interface Row {
  section: string;
  name: string;
  level: string;
  severity: string;
  description: string;
  remediation: string;
  url: string;
  /** Properties that the rule reads, where it is rows of data. */
  reads: string[];
  /** Settings and their defaults, such as `minimumDays = 1`. */
  settings: string[];
}

/** Every rule of the pack, in the order of its sections. */
export function rows(): Row[] {
  return Object.entries(sections).flatMap(([section, policies]) =>
    policies.map((policy) => ({
      section,
      name: policy.name,
      level: policy.enforcementLevel ?? "mandatory",
      severity: policy.severity ?? "medium",
      description: policy.description,
      remediation: policy.remediationSteps ?? "",
      url: policy.url ?? "",
      reads: (policy as { reads?: { paths: string[] } }).reads?.paths ?? [],
      settings: Object.entries(policy.configSchema?.properties ?? {}).map(
        ([key, setting]) => `${key} = ${JSON.stringify(setting.default)}`,
      ),
    })),
  );
}

/** The pack as a page: a table a section. */
export function page(): string {
  const all = rows();
  const parts = Object.keys(sections).map((section) => {
    const own = all.filter((row) => row.section === section);
    return [
      `## ${section}`,
      "",
      "| policy | level | severity | rule | remedy |",
      "|---|---|---|---|---|",
      ...own.map(line),
    ].join("\n");
  });
  const mandatory = all.filter(({ level }) => level === "mandatory").length;
  return [
    "# Policies",
    "",
    "<!-- Written by `npm run docs:policies` from policies/. Do not edit. -->",
    "",
    `${all.length} rules, of which ${mandatory} are mandatory: a violation stops \`pulumi up\` and fails the preview. The others are advice. A setting is changed, and a rule's level too, by a file given to \`pulumi preview --policy-pack policies --policy-pack-config\`.`,
    "",
    "The same rules are asked in three places: of a stack, by `pulumi preview`, `pulumi up` and `npm run preview`; of what is deployed, by `pulumi stack export > state.json` and `pulumi policy analyze --policy-pack policies --file state.json`; of rendered charts and manifests, by `npm run policies -- FILE…` (`helm template … | npm run -s policies -- -`). What is let through for a time stands in `policies/exemptions.ts`, with owner and last day.",
    "",
    "That they bite is shown by `npm run test:mutations`: it changes every resource that the stacks register, one property at a time, and asks the pack of each change. What may pass stands in `test/mutations/accepted.json` with its reason; anything else that passes fails the command.",
    "",
    parts.join("\n\n"),
    "",
  ].join("\n");
}

function line({ name, level, severity, description, remediation, url, reads, settings }: Row): string {
  const remedy =
    settings.length > 0
      ? `${remediation} Settings: ${settings.map((one) => `\`${one}\``).join(", ")}.`
      : remediation;
  // A chart's rows are many, and begin alike.
  const shown = reads.length > 20 ? [...reads.slice(0, 20), "…"] : reads;
  const rule =
    shown.length > 0
      ? `${description} Reads ${shown.map((path) => `\`${path.replaceAll("\\", "")}\``).join(", ")}.`
      : description;
  const cells = [url ? `[${name}](${url})` : name, level, severity, rule, remedy];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
