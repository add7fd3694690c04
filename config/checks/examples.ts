import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";

/** Example values in the repository's stack files and in documentation. */
const examples: readonly { readonly is: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    is: /(?<!\d)((\d)\2{11}|123456789012)(?!\d)/,
    what: "an example account",
    remedy: "use the id of your AWS account",
  },
  {
    is: /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\/\d+$/,
    what: "a range for documentation",
    remedy: "use the network's real range: these addresses are reserved for documentation",
  },
  {
    is: /(^|[.@])example\.(com|net|org)$/,
    what: "a domain for documentation",
    remedy: "use your own domain",
  },
  { is: /^Z0+[A-Z]+\d$/, what: "an example hosted zone", remedy: "use the id of your hosted zone" },
];

/** Example values that are still in a stack file, each with its path and its replacement. */
export function exampleAdvice(project: string, raw: Readonly<Record<string, unknown>>): Fault[] {
  return Object.entries(raw).flatMap(([key, value]) => within(`${project}:${key}`, value));
}

function within(path: string, value: unknown): Fault[] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => within(`${path}.${key}`, inner));
  if (typeof value !== "string") return [];
  const example = examples.find(({ is }) => is.test(value));
  if (example === undefined) return [];
  const { what, remedy } = example;
  return [{ path, found: `${show(value)} is ${what}`, expected: "a value of your own", remedy }];
}
