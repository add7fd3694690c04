import { z } from "zod";
import type { Catalog } from "../../systems/spec";
import { descriptionOf } from "./descriptions";
import { foundationSchemas } from "../foundation";
import { schemas } from "../settings";

/** The used part of a JSON Schema. */
export interface Json {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Json | boolean;
  readonly items?: Json;
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly not?: Json;
}

/** A schema of the configuration as JSON Schema. */
export const json = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // A key that isn't allowed.
      if (zodSchema._zod.def.type === "undefined") Object.assign(jsonSchema, { not: {} });
      // Long patterns are less helpful than the descriptions.
      if (jsonSchema.maxLength === undefined) delete jsonSchema.pattern;
    },
  }) as Json;

/** Names of the projects, which are the prefixes of their keys. */
export const [project, foundationProject] = ["plinth", "plinth-foundation"] as const;

/** The schema with a description of every key. */
export function described(schema: Json, path: readonly string[]): Json {
  const below = (value: unknown, ...keys: string[]) => described(value as Json, [...path, ...keys]);
  const description = schema.description ?? descriptionOf(path);
  return {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(schema.properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([key, value]) => [key, below(value, key)]),
          ),
        }),
    ...(typeof schema.additionalProperties === "object"
      ? { additionalProperties: below(schema.additionalProperties, "<name>") }
      : {}),
    ...(schema.items === undefined ? {} : { items: below(schema.items) }),
    ...Object.fromEntries(
      (["anyOf", "oneOf"] as const).flatMap((key) => {
        const options = schema[key];
        return options === undefined ? [] : [[key, options.map((option) => below(option))] as const];
      }),
    ),
  };
}

/** The schema of stack files. Keys without the project's name before them are the CLI's shorthand. */
export const stackSchema = (catalog: Catalog): Json =>
  fileSchema("A stack of Plinth", project, schemas(catalog, new Date()));

/** The schema of the foundation's stack files. */
export const foundationSchema = (): Json =>
  fileSchema("A foundation of Plinth", foundationProject, foundationSchemas);

function fileSchema(title: string, name: string, schemasByKey: Readonly<Record<string, z.ZodType>>): Json {
  const known = Object.entries(schemasByKey).map(([key, schema]) => {
    return [key, described({ ...json(schema), $schema: undefined }, [key])] as const;
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(known.map(([key, schema]) => [`${name}:${key}`, schema])),
        patternProperties: { "^pulumi:": {} },
        required: known.filter(([key]) => !isOptional(schemasByKey[key])).map(([key]) => `${name}:${key}`),
        additionalProperties: false,
      },
      encryptionsalt: { type: "string" },
      encryptedkey: { type: "string" },
      secretsprovider: { type: "string" },
      environment: {},
    },
    additionalProperties: false,
    required: ["config"],
  };
}

/** Whether the key may be left out. */
export const isOptional = (schema: z.ZodType | undefined) => schema?.safeParse(undefined).success === true;
