import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { readSchema } from "./schema";
import { awsRules } from "./rules/aws";
import { kinds } from "./rules/kubernetes";
import { randomRules } from "./rules/random";

/**
 * The table of properties whose change replaces a resource, which `npm run preview -- <stack> --against` reads.
 *
 * `npm run replacements` writes it from the rules of the in-memory providers and from the doc comments of the installed
 * SDK. With a provider's schema it checks the table and writes nothing:
 *
 *     pulumi package get-schema aws@7.48.0 > schema.json && npm run replacements -- schema.json
 */

export const target = join(__dirname, "../../../preview/difference/replacements.json");

export interface Table {
  sources: Record<string, string>;
  types: Record<string, string[]>;
}

const sorted = (paths: Iterable<string>) => [...new Set(paths)].sort();

/** `v1/Secret` is `kubernetes:core/v1:Secret`. */
const tokenOf = (kind: string) => {
  const parts = kind.split("/");
  return `kubernetes:${parts.length === 2 ? `core/${parts[0]}` : `${parts[0]}/${parts[1]}`}:${parts.at(-1)}`;
};

export function table(): Table {
  const root = join(__dirname, "../../../node_modules/@pulumi");
  const version = (name: string) =>
    (JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")) as { version: string }).version;
  const schema = readSchema(join(root, "aws"), Object.keys(awsRules));
  const aws = Object.entries(awsRules).map(([type, { replace = [] }]): [string, string[]] => [
    type,
    sorted([...replace, ...(schema.resources[type]?.replaceDocumented ?? [])]),
  ]);
  const kubernetes = Object.entries(kinds).map(([kind, { replace = [] }]): [string, string[]] => [
    tokenOf(kind),
    sorted(replace),
  ]);
  const random = Object.entries(randomRules).map(([type, { replace = [] }]): [string, string[]] => [
    type,
    sorted(replace),
  ]);
  const types = [...aws, ...kubernetes, ...random].filter(([, paths]) => paths.length > 0);
  return {
    sources: {
      aws: `@pulumi/aws ${version("aws")}: ForceNew in the resources' schemas of hashicorp/terraform-provider-aws, and the doc comments of the SDK`,
      kubernetes: `@pulumi/kubernetes ${version("kubernetes")}: provider/pkg/provider/diff.go of pulumi/pulumi-kubernetes`,
      random: `@pulumi/random ${version("random")}: RequiresReplace in hashicorp/terraform-provider-random`,
    },
    types: Object.fromEntries(types.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export const text = async (): Promise<string> =>
  format(JSON.stringify(table()), { ...(await resolveConfig(target)), filepath: target });

interface Schema {
  resources: Record<string, { inputProperties?: Record<string, { willReplaceOnChanges?: boolean }> }>;
}

/** Differences between a provider's schema and the table, as sentences. Parts of a property count as the property. */
export function disagreements(schema: Schema, { types }: Table, known: readonly string[]): string[] {
  return known.flatMap((type) => {
    const properties = schema.resources[type]?.inputProperties;
    if (properties === undefined) return [`${type}: the schema has no such type`];
    const ours = new Set((types[type] ?? []).map((path) => path.split(".")[0] ?? ""));
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

if (require.main === module) {
  const file = process.argv[2];
  if (file === undefined) void text().then((made) => writeFileSync(target, made));
  else {
    const schema = JSON.parse(readFileSync(file, "utf8")) as Schema;
    const found = disagreements(schema, table(), Object.keys(awsRules));
    process.stdout.write(found.map((line) => `${line}\n`).join(""));
    process.exitCode = found.length > 0 ? 1 : 0;
  }
}
