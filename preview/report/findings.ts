import { groupBy } from "./group";
import type { Finding, Plan } from "./json";
import { count, type Style } from "./style";

/** Message of a pack about a policy that read a value which is known only after `up`. */
const UNCHECKED = /^can't run policy .* during preview: /;
const NOT_YET = "Not checked yet: it reads values that are known only after `up`. `pulumi up` checks it.";

/** How many resources are named under one finding. */
const NAMED = 3;

/** The verdicts in one line. */
export function verdicts({ policyPack, policies, violations }: Plan, look: Style): string {
  const active = policies.filter(({ level }) => level !== "disabled");
  const of = (wanted: Finding["level"]) =>
    new Set(violations.filter(({ level }) => level === wanted).map(({ policy }) => policy));
  const failed = of("mandatory");
  const advised = [...of("advisory")].filter((policy) => !failed.has(policy));
  const passed = active.length - failed.size - advised.length;
  return (
    `${look.bold("Policies")} ${look.dim(`${policyPack.name} ${policyPack.version}`)}: ` +
    `${count(active.length, "policy", "policies")}, ${look.green(`${passed} passed`)}, ` +
    `${advised.length} with advice only, ${failed.size > 0 ? look.red(`${failed.size} violated`) : "0 violated"}`
  );
}

/** The policies' findings, mandatory ones first; equal findings of one policy are grouped. */
export function findings({ violations, resources }: Plan, look: Style): string[] {
  const shown = violations.map((found) =>
    UNCHECKED.test(found.message) ? { ...found, message: NOT_YET, remediation: "" } : found,
  );
  const groups = groupBy(shown, ({ level, policy, message }) => `${level}\n${policy}\n${message}`);
  const names = new Map(resources.map(({ urn, name }) => [urn, name]));
  return [...groups.values()].flatMap((found) => finding(found, names, look));
}

function finding(found: readonly Finding[], names: ReadonlyMap<string, string>, look: Style): string[] {
  const [first] = found;
  if (first === undefined) return [];
  const level = first.level === "mandatory" ? look.red("mandatory") : look.yellow("advisory");
  return [
    `  ${level} ${look.bold(first.policy)}`,
    ...first.message.split("\n").map((line) => `    ${line}`),
    `    Resource: ${some(found.map(({ urn }) => names.get(urn) ?? urn))}`,
    ...(first.remediation === "" ? [] : [`    Remediation: ${first.remediation}`]),
    ...keys(found),
  ];
}

function keys(found: readonly Finding[]): string[] {
  const known = found.flatMap(({ stackKey }) => stackKey ?? []);
  return known.length === 0 ? [] : [`    Stack file: ${some(known)}`];
}

function some(all: readonly string[]): string {
  const distinct = [...new Set(all)];
  const rest = distinct.length > NAMED ? ` and ${distinct.length - NAMED} more` : "";
  return `${distinct.slice(0, NAMED).join(", ")}${rest}`;
}
