import { refuse, type Failure } from "./rule";
import { label, subdomain, type Kind, type NameForm } from "./rules/kubernetes";
import { hasUnknown, isObject, reveal, texts, UNKNOWN, type Values } from "./wire";

/** `metadata` of an object, without secrets' wrappers. */
export function metadataOf(values: Values): {
  name?: unknown;
  namespace?: unknown;
  labels?: unknown;
  annotations?: unknown;
} {
  const metadata = reveal(values["metadata"]);
  return isObject(metadata) ? metadata : {};
}

/** Checks that apply to all objects: names, labels, selectors, secrets in clear. */
export function checkManifest(values: Values, kind: Kind, secrets: readonly string[]): Failure[] {
  const plain = reveal(values) as Values;
  const { name, namespace } = metadataOf(values);
  return [
    ...form(name, kind.name ?? subdomain, "metadata.name"),
    ...form(namespace, label, "metadata.namespace"),
    ...(kind.scope === "cluster" && namespace !== undefined
      ? [refuse("metadata.namespace", "the kind has no namespace")]
      : []),
    ...labels(plain),
    ...selects(plain),
    ...containers(plain),
    ...waits(plain),
    ...clear(plain, secrets),
  ];
}

function form(text: unknown, { max, pattern, what }: NameForm, path: string): Failure[] {
  if (typeof text !== "string" || text === UNKNOWN) return [];
  if (text.length > max) return [refuse(path, `"${text}" has ${text.length} characters; allowed are ${max}`)];
  return pattern.test(text) ? [] : [refuse(path, `"${text}" isn't ${what}`)];
}

const labelKey = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const labelMaps = /(^|\.)(labels|matchLabels)$/;

function labels(value: unknown, path = ""): Failure[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => labels(item, `${path}[${i}]`));
  if (!isObject(value)) return [];
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (labelMaps.test(path))
    return Object.entries(value).flatMap(([key, text]) => {
      if (!labelKey.test(key)) return [refuse(at(key), "isn't a label's key")];
      if (typeof text !== "string" || text === UNKNOWN || labelValue.test(text)) return [];
      return [refuse(at(key), `"${text}" isn't a label's value: at most 63 letters, digits, - _ .`)];
    });
  return Object.entries(value).flatMap(([key, item]) => labels(item, at(key)));
}

/** A workload's selector must match its pods' labels. */
function selects({ spec }: Values): Failure[] {
  if (!isObject(spec) || !isObject(spec["template"]) || !isObject(spec["selector"])) return [];
  const wanted = spec["selector"]["matchLabels"];
  const metadata = spec["template"]["metadata"];
  const given = isObject(metadata) && isObject(metadata["labels"]) ? metadata["labels"] : {};
  if (!isObject(wanted) || hasUnknown(wanted) || hasUnknown(given)) return [];
  const missing = Object.keys(wanted).filter((key) => wanted[key] !== given[key]);
  return missing.map((key) => refuse(`spec.selector.matchLabels.${key}`, "doesn't match the pods' labels"));
}

/** Names inside a pod: containers and ports. */
function containers(plain: Values): Failure[] {
  const form = /\.(containers|initContainers)\[\d+\]\.(name|ports\[\d+\]\.name)$/;
  return [...texts(plain)].flatMap(([path, text]) => {
    if (!form.test(path) || text === UNKNOWN) return [];
    const max = path.includes(".ports[") ? 15 : 63;
    if (text.length > max)
      return [refuse(path, `"${text}" has ${text.length} characters; allowed are ${max}`)];
    return label.pattern.test(text) ? [] : [refuse(path, `"${text}" isn't ${label.what}`)];
  });
}

const waitFor = "pulumi.com/waitFor";

/** Checks conditions to wait for, as the provider does. Source: pulumi-kubernetes, `jsonpath.Parse`. */
function waits(plain: Values): Failure[] {
  const { annotations } = metadataOf(plain);
  const given = isObject(annotations) ? annotations[waitFor] : undefined;
  if (typeof given !== "string" || given === UNKNOWN) return [];
  const conditions = given.startsWith("[") ? (JSON.parse(given) as string[]) : [given];
  const wrong = conditions.filter(
    (condition) => !/^condition=\w+(=\w+)?$|^jsonpath=\{([^=]|==)+\}(=[^=]+)?$/.test(condition),
  );
  return wrong.map((condition) =>
    refuse(`metadata.annotations.${waitFor}`, `"${condition}" isn't understood`),
  );
}

function clear(plain: Values, secrets: readonly string[]): Failure[] {
  return [...texts(plain)]
    .filter(([, text]) =>
      secrets.some(
        (secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")),
      ),
    )
    .map(([path]) => refuse(path, "holds a secret: manifests must refer to secrets by name"));
}
