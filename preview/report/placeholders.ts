import { isObject, isUnknown, markOf, type Wire, type WireObject } from "../wire";

/** A value of a manifest that isn't the one that `up` will set. */
export interface Placeholder {
  /** Where in the object: `spec.rules[0].host`. */
  path: string;
  /** The placeholder. */
  placeholder: string | number | Record<string, never>;
  /** Why: only `up` knows the value, or it is a secret. */
  reason: "unknown" | "secret";
}

/** Path of a value, outermost key first; an index of a list is a number. */
type Path = readonly (string | number)[];

const DATA_OF_SECRET = Buffer.from("unknown").toString("base64");

/** Placeholders by the words of the property's name (or of its list's name): the first matching row. */
const BY_NAME: readonly (readonly [RegExp, string | number])[] = [
  [/certificate-?arn/i, "arn:aws:acm:us-east-1:000000000000:certificate/unknown"],
  [
    /target-?group-?arn/i,
    "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/unknown/0000000000000000",
  ],
  [/arn/i, "arn:aws:iam::000000000000:role/unknown"],
  [/cabundle|certificateauthority/i, DATA_OF_SECRET],
  [/ur[li]$|issuer/i, "https://unknown.invalid"],
  [/host|endpoint|server|domain|address|dns|fqdn/i, "unknown.invalid"],
  [/cidr|sourceranges/i, "192.0.2.0/24"],
  [/(?:^|[a-z])ips?$|^ip/i, "192.0.2.1"],
  [/account/i, "000000000000"],
  [/region/i, "us-east-1"],
  [/subnet/i, "subnet-00000000000000000"],
  [/security-?group/i, "sg-00000000000000000"],
  [/vpc/i, "vpc-00000000000000000"],
  [/file-?system/i, "fs-00000000000000000"],
  [/kms-?key/i, "00000000-0000-0000-0000-000000000000"],
  [/[a-z]At$/, "2000-01-01T00:00:00Z"],
  [/[rR]eplicas$|[pP]ort$|[wW]eight$|Seconds$|[pP]ercent|^(?:min|max)(?:[A-Z]|$)/, 1],
];

/** Properties that must be quantities: requests, limits, storage. */
const QUANTITY = /^(?:cpu|memory|storage|ephemeral-storage|size)$/;

/** The object with each unknown or secret value replaced by one of a valid form, and the list of those. */
export function fill(object: WireObject): { filled: WireObject; placeholders: Placeholder[] } {
  const placeholders: Placeholder[] = [];
  const kind = String(object.kind);
  const replace = (path: Path, reason: Placeholder["reason"]) => {
    const placeholder = placeholderFor(kind, path);
    placeholders.push({ path: format(path), placeholder, reason });
    return placeholder;
  };
  const walk = (value: Wire, path: Path, inSecret: boolean): Wire => {
    if (isUnknown(value)) return replace(path, "unknown");
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], inSecret));
    if (!isObject(value)) return inSecret ? replace(path, "secret") : value;
    const mark = markOf(value);
    // A secret map stays a map: its keys aren't secret, and the object must stay valid.
    if (mark === "secret") return walk(value.value ?? null, path, true);
    if (mark !== undefined) return replace(path, "unknown");
    const members = Object.entries(value).map(([key, inner]) => [key, walk(inner, [...path, key], inSecret)]);
    return Object.fromEntries(members) as WireObject;
  };
  return { filled: walk(object, [], false) as WireObject, placeholders };
}

function placeholderFor(kind: string, path: Path): Placeholder["placeholder"] {
  const names = path.filter((part) => typeof part === "string");
  const [name = "", parent = ""] = names.toReversed();
  if (TEXT_MAPS.includes(name)) return {};
  if (kind === "Secret" && names[0] === "data") return DATA_OF_SECRET;
  if (QUANTITY.test(name)) return "1";
  const found = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? byParent(name, parent);
  // Text is text in a map of text, whatever its key says.
  return isTextMap(names) ? String(found) : found;
}

/** `subnetSelectorTerms: [{ id: … }]`: a bare id is of the kind that its list is of. */
function byParent(name: string, parent: string): string | number {
  const ofParent = /^(?:id|value|name)s?$/.test(name)
    ? BY_NAME.find(([pattern]) => pattern.test(parent))?.[1]
    : undefined;
  return typeof ofParent === "string" && name.startsWith("id") ? ofParent : "unknown";
}

const TEXT_MAPS = [
  "data",
  "stringData",
  "annotations",
  "labels",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "env",
];

function isTextMap(names: readonly string[]): boolean {
  return names.some((name) => TEXT_MAPS.includes(name));
}

function format(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
