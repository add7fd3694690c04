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
    parts.join("\n\n"),
    "",
  ].join("\n");
}

function line({ name, level, severity, description, remediation, url, settings }: Row): string {
  const remedy =
    settings.length > 0
      ? `${remediation} Settings: ${settings.map((one) => `\`${one}\``).join(", ")}.`
      : remediation;
  const cells = [url ? `[${name}](${url})` : name, level, severity, description, remedy];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
