import type { Registration } from "../../preview/monitor";

import type { Add, Keys, Kind, Value } from "./mutation-kinds";
import { documents, type Document, stranger } from "./mutate-documents";

/** One change of one resource; an undefined `value` removes the property. */
export interface Mutation {
  kind: Kind;
  /** Path of the property; empty if the whole resource is dropped. */
  path: (string | number)[];
  /** Short description of the new value. */
  change: string;
  /** The old value. */
  before?: unknown;
  /** The resource's inputs after the change; undefined if it is dropped. */
  inputs: Registration["inputs"] | undefined;
  protect?: boolean;
}

const secretMark = "4dabf18193072939515e22adb298388d";
const isRecord = (value: Value): value is Record<string, Value> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isUnknown = (value: Value) =>
  typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value);

/** Pairs of a safe value and a less safe one, from what AWS and Kubernetes offer, not from the rules. */
const weaker: Readonly<Record<string, string>> = {
  ACTIVE: "INACTIVE",
  ALL: "REJECT",
  API: "API_AND_CONFIG_MAP",
  Always: "Never",
  BucketOwnerEnforced: "ObjectWriter",
  ClusterIP: "LoadBalancer",
  DNS: "EMAIL",
  Deny: "Allow",
  ENABLED: "DISABLED",
  Egress: "Ingress",
  Enabled: "Suspended",
  Ingress: "Egress",
  Owner: "Orphan",
  REQUIRE: "OPTIONAL",
  Retain: "Delete",
  RuntimeDefault: "Unconfined",
  SecretsManager: "ParameterStore",
  "aws:kms": "AES256",
  required: "preferred",
  restricted: "privileged",
  true: "false",
  false: "true",
  tls: "notls",
};
const addresses: readonly [RegExp, string][] = [
  [/\bhttps:\/\//, "http://"],
  [/\brediss:\/\//, "redis://"],
  [/\btls:\/\//, "nats://"],
  [/sslmode=verify-full/, "sslmode=disable"],
  [/^verify-full$/, "disable"],
  [/^ELBSecurityPolicy-TLS13-1-2.*/, "ELBSecurityPolicy-2016-08"],
  [/"byQueue"/, '"allowAll"'],
];
const image = /^[a-z0-9.-]+(:\d+)?\/[a-z0-9./_-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/;

/** All mutations of a resource. */
export function mutationsOf(resource: Registration): Mutation[] {
  const { inputs } = resource;
  const found: Mutation[] = [{ kind: "drop", path: [], change: "dropped", inputs: undefined }];
  if (resource.protect)
    found.push({ kind: "flip", path: ["protect"], change: "false", inputs, protect: false });
  const add = (kind: Kind, path: Keys, change: string, value: Value) =>
    found.push({
      kind,
      path,
      change,
      before: at(inputs, path),
      inputs: replaced(inputs, path, value) as Registration["inputs"],
    });
  walk(inputs, [], add);
  // A change without effect is no mutation, such as a wildcard that replaces a wildcard.
  const was = JSON.stringify(inputs);
  return found.filter(({ inputs: now, path }) => path[0] === "protect" || JSON.stringify(now) !== was);
}

function walk(value: Value, path: Keys, add: Add): void {
  if (Array.isArray(value)) {
    value.forEach((item: Value, index) => {
      const at = [...path, index];
      add("remove", at, "removed", undefined);
      each(item, at, add);
    });
    return;
  }
  if (!isRecord(value)) return;
  if (secretMark in value) return each(value.value, [...path, "value"], add);
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key];
    add("remove", at, "removed", undefined);
    each(inner, at, add);
  }
}

function each(value: Value, path: Keys, add: Add): void {
  if (path[0] === "rules" && /^(verbs|resources|apiGroups)$/.test(String(path.at(-1))))
    add("widen", path, "*", ["*"]);
  if (/[sS]elector$/.test(String(path.at(-1))) && isRecord(value) && Object.keys(value).length > 0)
    add("widen", path, "everything", {});
  if (path.at(-1) === "expression") add("weaken", path, "true", "true");
  if (path.at(-1) === "validationActions") add("weaken", path, "Audit", ["Audit"]);
  if (path.at(-1) === "failurePolicy") add("weaken", path, "Ignore", "Ignore");
  if (isRecord(value) || Array.isArray(value)) {
    const statements = isRecord(value) ? value.Statement : undefined;
    if (statements !== undefined) documents(value as unknown as Document, path, add, (document) => document);
    else walk(value, path, add);
  } else if (typeof value === "boolean") add("flip", path, String(!value), !value);
  else if (typeof value === "number") numbers(value, path, add);
  else if (typeof value === "string" && !isUnknown(value)) texts(value, path, add);
}

function numbers(value: number, path: Keys, add: Add): void {
  if (value !== 0) add("zero", path, "0", 0);
  add("multiply", path, "× 1000", value === 0 ? 1000 : value * 1000);
}

function texts(text: string, path: Keys, add: Add): void {
  if (text.startsWith("{") && text.includes('"Statement"'))
    return documents(JSON.parse(text) as Document, path, add, (document) => JSON.stringify(document));
  const weak = weaker[text];
  if (weak !== undefined) add(/^(true|false)$/.test(text) ? "flip" : "weaken", path, weak, weak);
  for (const [pattern, other] of addresses)
    if (pattern.test(text)) add("weaken", path, other, text.replace(pattern, other));
  if (/^\d+(\.\d+){3}\/\d+$/.test(text)) {
    const open = "0.0.0.0/0";
    if (text !== open) add("widen", path, open, open);
  }
  if (
    /^(\d+(\.\d+)?)(m|Ki|Mi|Gi)?$/.test(text) &&
    /cpu|memory|pods|size|storage/i.test(String(path.at(-1)))
  ) {
    add("zero", path, "0", "0");
    add(
      "multiply",
      path,
      "× 1000",
      text.replace(/^[\d.]+/, (amount) => String(Number(amount) * 1000)),
    );
  }
  if (path.at(-1) === "image" && image.test(text)) {
    add("move", path, "another registry", `docker.io/stranger/${text.split("/").at(-1)}`);
    add("move", path, "latest", text.replace(/:[^/:@]*(@.*)?$/, ":latest"));
  }
  if (/^arn:aws:iam::\d{12}:/.test(text) || /^arn:aws:eks::aws:/.test(text))
    add("widen", path, "another account", text.replace(/::(\d{12}|aws):/, `::${stranger}:`));
  // Any text may contain a secret in plain text.
  add("disclose", path, "a token", path.includes("env") ? "AKIAIOSFODNN7EXAMPLE" : `ghp_${"a1B2".repeat(9)}`);
  if (/^(value|data|env)/.test(String(path.at(-1))) || path[0] === "data" || path.includes("values"))
    add("disclose", path, "a login", "postgres://root:hunter2@db.example.com/ams");
  if (path.at(-1) === "inbound-cidrs" || String(path.at(-1)).endsWith("/inbound-cidrs"))
    add("widen", path, "0.0.0.0/0", "0.0.0.0/0");
  if (path[0] === "roleRef" && path[1] === "name") add("widen", path, "cluster-admin", "cluster-admin");
  if (path[0] === "subjects" && path.at(-1) === "name")
    add("widen", path, "everyone", "system:authenticated");
}

const at = (value: Value, path: Keys): Value =>
  path.reduce<Value>((inner, key) => (inner as Record<string, Value> | undefined)?.[String(key)], value);

function replaced(value: Value, [key, ...rest]: Keys, to: Value): Value {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const copy = [...(value as Value[])];
    if (rest.length === 0 && to === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = replaced(copy[Number(key)], rest, to);
    return copy;
  }
  const copy = { ...(value as Record<string, Value>) };
  // A statement's path continues inside the document; the document itself is replaced.
  if (rest.length === 0 && to === undefined) delete copy[String(key)];
  else if (isDocument(copy[String(key)])) copy[String(key)] = to;
  else copy[String(key)] = replaced(copy[String(key)], rest, to);
  return copy;
}

const isDocument = (value: Value) =>
  (isRecord(value) && value.Statement !== undefined) ||
  (typeof value === "string" && value.startsWith("{") && value.includes('"Statement"'));
