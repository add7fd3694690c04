import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatted } from "../../../tools/format";
import { readForceNew } from "./force-new";
import { readSchema } from "./schema";
import { awsRules } from "./rules/aws";
import { kinds } from "./rules/kubernetes";
import { randomRules } from "./rules/random";

/**
 * The table of properties whose change replaces a resource, which `npm run preview -- <stack> --against` reads.
 *
 *     npm run replacements                           Kubernetes' and random's part, from the in-memory providers' rules
 *     npm run replacements -- <checkout> <version>   also AWS' part, from a checkout of hashicorp/terraform-provider-aws
 *     npm run replacements -- schema.json            compares AWS' part with a published schema, and writes nothing
 */

export const target = join(__dirname, "../../../preview/difference/replacements.json");

export interface Table {
  sources: Record<string, string>;
  /** Properties that always replace, by type. An AWS type that the provider never replaces has none. */
  types: Record<string, string[]>;
  /** Properties that replace for some values. */
  sometimes: Record<string, string[]>;
}

export const current = (): Table => JSON.parse(readFileSync(target, "utf8")) as Table;

const sorted = (paths: Iterable<string>) => [...new Set(paths)].sort();

const byType = (entries: readonly [string, string[]][]) =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const nonEmpty = (entries: readonly [string, string[]][]) => entries.filter(([, paths]) => paths.length > 0);

/** `v1/Secret` is `kubernetes:core/v1:Secret`. */
const tokenOf = (kind: string) => {
  const parts = kind.split("/");
  return `kubernetes:${parts.length === 2 ? `core/${parts[0]}` : `${parts[0]}/${parts[1]}`}:${parts.at(-1)}`;
};

const root = join(__dirname, "../../../node_modules/@pulumi");
const versionOf = (name: string) =>
  (JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")) as { version: string }).version;

/** AWS' part from a checkout, for the types of the rules and of the current table. */
function readAws(checkout: string, version: string, { types, sometimes }: Table): Table {
  const had = [...Object.keys(types), ...Object.keys(sometimes)].filter((type) => type.startsWith("aws:"));
  const all = sorted([...Object.keys(awsRules), ...had]);
  const { found, unnamed } = readForceNew(checkout, readSchema(join(root, "aws"), all), all);
  if (unnamed.length > 0) process.stderr.write(`The SDK doesn't have:\n${unnamed.join("\n")}\n`);
  const those = (how: string) =>
    Object.entries(found).map(([type, paths]): [string, string[]] => [
      type,
      sorted(Object.keys(paths).filter((path) => paths[path] === how)),
    ]);
  return {
    sources: {
      aws: `hashicorp/terraform-provider-aws ${version}: ForceNew, RequiresReplace and CustomizeDiff, read by tools/force-new for @pulumi/aws ${versionOf("aws")}`,
    },
    types: byType(those("always")),
    sometimes: byType(nonEmpty(those("sometimes"))),
  };
}

/** The table with AWS' part, which doesn't come from our own rules. */
export function table({ sources, types, sometimes }: Table): Table {
  const aws = Object.entries(types).filter(([type]) => type.startsWith("aws:"));
  const kubernetes = Object.entries(kinds).map(([kind, { replace = [] }]): [string, string[]] => [
    tokenOf(kind),
    sorted(replace),
  ]);
  const random = Object.entries(randomRules).map(([type, { replace = [] }]): [string, string[]] => [
    type,
    sorted(replace),
  ]);
  return {
    sources: {
      aws: sources.aws ?? "",
      kubernetes: `@pulumi/kubernetes ${versionOf("kubernetes")}: provider/pkg/provider/diff.go of pulumi/pulumi-kubernetes`,
      random: `@pulumi/random ${versionOf("random")}: RequiresReplace in hashicorp/terraform-provider-random`,
    },
    types: byType([...aws, ...nonEmpty([...kubernetes, ...random])]),
    sometimes,
  };
}

export const text = (made: Table): Promise<string> => formatted(target, JSON.stringify(made));

interface Schema {
  resources: Record<string, { inputProperties?: Record<string, { willReplaceOnChanges?: boolean }> }>;
}

/** Differences between a provider's schema and the table, as sentences. Parts of a property count as the property. */
export function disagreements(
  schema: Schema,
  { types, sometimes }: Table,
  known: readonly string[],
): string[] {
  return known.flatMap((type) => {
    const properties = schema.resources[type]?.inputProperties;
    if (properties === undefined) return [`${type}: the schema has no such type`];
    const ours = new Set(
      [...(types[type] ?? []), ...(sometimes[type] ?? [])].map((path) => path.split(".")[0] ?? ""),
    );
    return Object.entries(properties).flatMap(([name, { willReplaceOnChanges = false }]) => {
      if (willReplaceOnChanges && !ours.has(name)) return [`${type}: ${name} replaces, but not in the table`];
      // A part may replace although the whole property doesn't.
      const whole = types[type]?.includes(name) ?? false;
      return whole && !willReplaceOnChanges
        ? [`${type}: ${name} doesn't replace according to the schema`]
        : [];
    });
  });
}

function main([from, version]: readonly string[]): void {
  if (from !== undefined && !statSync(from).isDirectory()) {
    const schema = JSON.parse(readFileSync(from, "utf8")) as Schema;
    const found = disagreements(schema, current(), Object.keys(awsRules));
    process.stdout.write(found.map((line) => `${line}\n`).join(""));
    process.exitCode = found.length > 0 ? 1 : 0;
    return;
  }
  if (from !== undefined && version === undefined)
    throw new Error("usage: npm run replacements -- <checkout of terraform-provider-aws> <version>");
  const aws = from === undefined || version === undefined ? current() : readAws(from, version, current());
  void text(table(aws)).then((made) => writeFileSync(target, made));
}

if (require.main === module)
  try {
    main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message.trim() : String(error)}\n`);
    process.exitCode = 2;
  }
