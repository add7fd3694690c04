import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { mappings } from "./calls";
import { limits } from "./limits";
import type { ModelShape, ServiceModel } from "./model";

/**
 * Writes `service-models.json`: the part of botocore's service models for the calls in `calls/`. botocore (Apache-2.0,
 * © Amazon.com) is the core of the AWS SDK for Python; no npm package has the models' patterns and ranges. Run it when
 * a call is added, or to update the models:
 *
 *     pip download --no-deps -d /tmp/botocore botocore && (cd /tmp/botocore && unzip -q botocore-*.whl)
 *     node -r ./tools/typescript.cjs test/engine/providers/models/derive.ts /tmp/botocore
 *
 * It fails if a sentence of `limits.ts` is no longer in the models.
 */
interface RawShape {
  type: string;
  members?: Record<string, { shape: string; documentation?: string; idempotencyToken?: boolean }>;
  required?: string[];
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
  documentation?: string;
}

interface RawModel {
  operations: Record<string, { input?: { shape: string } }>;
  shapes: Record<string, RawShape>;
}

const [, , root = "."] = process.argv;

/** The newest model of a service. */
function read(service: string): { source: string; model: RawModel } {
  const folder = path.join(root, "botocore/data", service);
  const version = fs.readdirSync(folder).sort().at(-1) ?? "";
  const packed = fs.readFileSync(path.join(folder, version, "service-2.json.gz"));
  return { source: `${service}/${version}`, model: JSON.parse(gunzipSync(packed).toString()) as RawModel };
}

/** A shape without documentation and protocol details. The SDKs fill in idempotency tokens. */
function reduce(raw: RawShape): ModelShape {
  const { type, required, enum: choices, pattern, min, max, member, key, value } = raw;
  const tokens = Object.entries(raw.members ?? {}).filter(([, { idempotencyToken }]) => idempotencyToken);
  const needed = required?.filter((name) => tokens.every(([token]) => token !== name));
  return {
    type,
    ...(raw.members === undefined
      ? {}
      : {
          members: Object.fromEntries(Object.entries(raw.members).map(([name, { shape }]) => [name, shape])),
        }),
    ...(needed === undefined || needed.length === 0 ? {} : { required: needed }),
    ...(member === undefined ? {} : { item: member.shape }),
    ...(key === undefined || value === undefined ? {} : { key: key.shape, value: value.shape }),
    ...(choices === undefined ? {} : { enum: choices }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

function derive(service: string, operations: readonly string[]): ServiceModel {
  const { source, model } = read(service);
  const inputs = Object.fromEntries(
    operations.map((operation) => [operation, model.operations[operation]?.input?.shape ?? ""]),
  );
  const shapes: Record<string, ModelShape> = {};
  const open = Object.values(inputs);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const raw = model.shapes[name];
    if (raw === undefined) throw new Error(`${service}: no shape ${name}`);
    if (name in shapes) continue;
    shapes[name] = reduce(raw);
    const inner = [raw.member, raw.key, raw.value, ...Object.values(raw.members ?? {})];
    open.push(...inner.flatMap((each) => (each === undefined ? [] : [each.shape])));
  }
  return { source, operations: inputs, shapes: sorted(shapes) };
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replace(/&amp;;?/g, "&")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, " ");

/** Limits whose sentence is no longer in the documentation of their member. */
function lost(): string[] {
  return Object.entries(limits).flatMap(([at, { says, from }]) => {
    if (from !== undefined) return [];
    const [service = "", shape = "", member = ""] = at.split(".");
    const text = plain(read(service).model.shapes[shape]?.members?.[member]?.documentation ?? "");
    return text.includes(says) || text.replace(/&;/g, "&").includes(says.replace(/&;/g, "&"))
      ? []
      : [`${at}: "${says}" isn't in: ${text}`];
  });
}

/** One shape per line, so that updates of the models have readable diffs. */
function text(botocore: string, services: Record<string, ServiceModel>): string {
  const blocks = Object.entries(services).map(([service, { source, operations, shapes }]) => {
    const lines = Object.entries(shapes).map(
      ([name, shape]) => `${JSON.stringify(name)}:${JSON.stringify(shape)}`,
    );
    return [
      `${JSON.stringify(service)}:{"source":${JSON.stringify(source)},`,
      `"operations":${JSON.stringify(operations)},`,
      `"shapes":{\n${lines.join(",\n")}\n}}`,
    ].join("\n");
  });
  return `{"botocore":${JSON.stringify(botocore)},"license":"Apache-2.0","services":{\n${blocks.join(",\n")}\n}}\n`;
}

function main(): void {
  const calls = Object.values(mappings).flatMap((mapping) => mapping.calls);
  const services = [...new Set(calls.map(({ service }) => service))].sort();
  const models = Object.fromEntries(
    services.map((service) => {
      const operations = calls.filter((call) => call.service === service).map(({ operation }) => operation);
      return [service, derive(service, [...new Set(operations)].sort())];
    }),
  );
  const faults = lost();
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const [, version = ""] = /botocore-([\d.]+)\.dist-info/.exec(fs.readdirSync(root).join("\n")) ?? [];
  fs.writeFileSync(path.join(__dirname, "service-models.json"), text(version, models));
}

main();
