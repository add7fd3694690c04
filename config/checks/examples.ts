import type { Fault } from "../errors";
import { show } from "../explain";

/** Values that stand in the stack files of the repository, or in documentation, for ones of your own. */
const examples: readonly { readonly is: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    is: /(?<!\d)((\d)\2{11}|123456789012)(?!\d)/,
    what: "an example account",
    remedy: "put your AWS account's id",
  },
  {
    is: /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\/\d+$/,
    what: "a range for documentation",
    remedy: "put the network's own range: nobody has these addresses",
  },
  {
    is: /(^|[.@])example\.(com|net|org)$/,
    what: "a domain for documentation",
    remedy: "put a domain of your own",
  },
  { is: /^Z0+[A-Z]+\d$/, what: "an example hosted zone", remedy: "put the id of your hosted zone" },
];

/** The example values of a stack file that nobody has replaced: each with its path and what to put there. */
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
