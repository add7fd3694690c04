import type { z } from "zod";
import type { SystemSpec } from "../../systems/spec";
import { foundationSchemas } from "../foundation";
import { schemas } from "../settings";
import { described, foundationProject, isOptional, json, project, type Json } from "./stack-schema";

/** A system with one of each kind, so that every key is in the reference once. */
const sample: SystemSpec = {
  name: "<system>",
  title: "Any system",
  namespaces: ["<namespace>"],
  secret: "secret",
  settings: ["<SETTING>"],
  hosts: ["<host>"],
  networks: ["<network>"],
  stores: {
    "<postgres>": { kind: "postgres", readRoles: ["<role>"] },
    "<cache>": { kind: "cache" },
    "<bucket>": { kind: "bucket" },
    "<mail>": { kind: "mail" },
    "<queue>": { kind: "queue" },
    "<files>": { kind: "files" },
    "<nats>": { kind: "nats", streams: { "<STREAM>": { subjects: [], consumers: {} } } },
  },
  workloads: Object.fromEntries(
    ["<workload>", "<internal workload>", "<job>"].map((key) => [
      key,
      {
        ...(key === "<job>" ? { kind: "job" } : {}),
        name: "workload",
        container: "workload",
        namespace: "<namespace>",
        component: "api",
        listen: { service: "workload", ports: { http: 80 }, metrics: { path: "/metrics" }, syslog: 514 },
        image: { user: 1, scratch: {} },
        env: {
          DATABASE_URL: { from: "<postgres>.url", key: "database" },
          QUEUE_URL: { from: "<queue>.receiveUrl" },
        },
        consumes: ["<nats>.<STREAM>.<consumer>"],
        ...(key === "<workload>" ? { exposure: [{ host: "<host>", paths: ["/"] }] } : {}),
      },
    ]),
  ),
  migration: { workload: "<workload>", migrate: [], verify: [] },
} as unknown as SystemSpec;

/** One key of the configuration. */
export interface Row {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

const code = (value: unknown) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

/** The allowed values, in a few words. */
function typeOf(schema: Json): string {
  if (schema.not !== undefined) return "nothing";
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map(typeOf))].join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === "integer" || schema.type === "number") {
    const unit = schema.unit === undefined ? "" : ` ${schema.unit}`;
    return `${schema.type === "integer" ? "whole number" : "number"}${unit}, ${String(schema.minimum)} to ${String(schema.maximum)}`;
  }
  if (schema.type === "boolean") return "`true` or `false`";
  return [schema.type ?? "value"].flat().join(" or ");
}

/** Every key below a schema, each once, in the schema's order. */
function rowsOf(path: string, schema: Json, required: boolean): Row[] {
  const inner = (each: Json): Row[] => {
    const named = Object.entries(each.properties ?? {}).flatMap(([key, value]) =>
      rowsOf(`${path}.${key}`, value, each.required?.includes(key) === true),
    );
    const any = each.additionalProperties;
    const more = typeof any === "object" ? rowsOf(`${path}.<name>`, any, false) : [];
    const entries = each.items === undefined ? [] : rowsOf(`${path}[]`, each.items, true).slice(1);
    return [...named, ...more, ...entries, ...[...(each.anyOf ?? []), ...(each.oneOf ?? [])].flatMap(inner)];
  };
  const fallback = required ? "required" : "none";
  const row = {
    path,
    type: typeOf(schema),
    default: schema.default === undefined ? fallback : code(schema.default),
    description: schema.description ?? "",
  };
  return [row, ...inner(schema)];
}

/** Every key of the configuration with its allowed values. A stack's own names are in angle brackets. */
export function referenceRows(): Row[] {
  const of = (name: string, known: Readonly<Record<string, z.ZodType>>) =>
    Object.entries(known).flatMap(([key, schema]) =>
      rowsOf(`${name}:${key}`, described(json(schema), [key]), !isOptional(schema)),
    );
  const rows = [
    ...of(project, schemas({ "<system>": sample }, new Date())),
    ...of(foundationProject, foundationSchemas),
  ];
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const path = row.path.replace(/<internal workload>|<job>/, "<workload>");
    const earlier = merged.get(path);
    if (earlier === undefined || earlier.type === "nothing") merged.set(path, { ...row, path });
    // The same key in another form of its object: a kind of mail, a strategy.
    else if (row.type !== "nothing" && !earlier.type.includes(row.type))
      merged.set(path, { ...earlier, type: `${earlier.type} or ${row.type}` });
  }
  return [...merged.values()];
}

/** The page of the reference, as Markdown. */
export function referencePage(): string {
  // In code, an angle bracket is one.
  const escape = (part: string, index: number) => (index % 2 === 0 ? part.replaceAll("<", "&lt;") : part);
  const cell = (text: string) => text.replaceAll("|", "\\|").split("`").map(escape).join("`");
  const sections = new Map<string, string[]>();
  for (const { path, type, default: otherwise, description } of referenceRows()) {
    const [, of = "", key = ""] = /^([^:]*):([^.]+)/.exec(path) ?? [];
    const [, store] = /^[^.]+\.<system>\.stores\.<(\w+)>/.exec(path) ?? [];
    const section = of === project ? key : `the foundation: ${key}`;
    const name = store === undefined ? section : `a ${store} store`;
    const lines = sections.get(name) ?? [];
    sections.set(name, lines);
    lines.push(`| \`${path}\` | ${cell(type)} | ${cell(otherwise)} | ${cell(description)} |`);
  }
  const tables = [...sections].map(
    ([name, lines]) =>
      `## ${name}\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n${lines.join("\n")}`,
  );
  return [
    "# Configuration",
    "Generated from the schemas in `config/` by `npm run docs:configuration`: don't edit this page.",
    "Every key of `Pulumi.<stack>.yaml`, and after them those of `foundation/Pulumi.<stack>.yaml`. Names from a system's description are in angle brackets, entries of a list are `[]`. Editors that read `schemas/stack.schema.json` (the comment at the top of each stack file names it) complete and explain the keys. The preview checks more than a schema can: values that depend on each other, and other stacks.",
    "Quote text that looks like a number, a date or a Boolean: readers of YAML disagree on it, so the preview refuses it without quotes.",
    ...tables,
  ].join("\n\n");
}
