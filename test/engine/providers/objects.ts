import { randomBytes } from "node:crypto";
import type { Change } from "./diff";
import { metadataOf } from "./manifest";
import { charts, type Chart } from "./rules/charts";
import { at, canonical, isObject, reveal, type Values } from "./wire";

export const text = (value: unknown) => (typeof value === "string" ? value : "");

/** `apps/v1/Deployment`, from inputs; a patch has the kind of its target. */
export const kindOf = (values: Values) =>
  `${text(values["apiVersion"])}/${text(values["kind"]).replace(/Patch$/, "")}`;

const suffix = () => randomBytes(4).toString("hex");

/** An object's inputs with the provider's generated name if none is set. */
export function namedObject(resource: string, news: Values, olds: Values): Values {
  const metadata = isObject(news["metadata"]) ? news["metadata"] : {};
  if (metadata["name"] !== undefined) return news;
  const name = metadataOf(olds).name ?? `${resource}-${suffix()}`;
  const given = isObject(metadata["annotations"]) ? metadata["annotations"] : {};
  return {
    ...news,
    metadata: { ...metadata, name, annotations: { ...given, "pulumi.com/autonamed": "true" } },
  };
}

/** A release's inputs with the provider's generated name if none is set. */
export function namedRelease(resource: string, news: Values, olds: Values): Values {
  return news["name"] === undefined ? { ...news, name: olds["name"] ?? `${resource}-${suffix()}` } : news;
}

/** Whether an object keeps an explicit name, so it can't exist at the same time as its replacement. */
export function keepsName(before: Values, wanted: Values): boolean {
  const [old, now] = [metadataOf(before), metadataOf(wanted)];
  const autonamed = isObject(now.annotations) && now.annotations["pulumi.com/autonamed"] === "true";
  return !autonamed && now.name !== undefined && old.name === now.name && old.namespace === now.namespace;
}

/**
 * Paths of inputs that the program changed.
 *
 * The provider compares inputs with inputs, so defaults of the API server don't matter.
 *
 * @param replaces Paths whose change, or a change below them, replaces the object.
 */
export function changedPaths(
  before: unknown,
  wanted: unknown,
  replaces: readonly string[],
  path = "",
): Change[] {
  const [old, now] = [reveal(before), reveal(wanted)];
  if (canonical(old) === canonical(now)) return [];
  if (isObject(old) && isObject(now))
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) =>
      changedPaths(old[name], now[name], replaces, path === "" ? name : `${path}.${name}`),
    );
  const forced = replaces.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));
  return [{ property: path, state: old, wanted: now, replaces: forced }];
}

interface DefinitionSpec {
  group: string;
  scope: string;
  names: { kind: string };
  versions: { name: string; served: boolean }[];
}

/** A kind that exists once something defines it. */
export interface Defined {
  kind: string;
  scope: string;
}

/** The kinds that an object defines: one per served version of a definition, and those of a chart. */
export function definitions(values: Values): Defined[] {
  const plain = reveal(values) as Values;
  if (plain["kind"] === "CustomResourceDefinition") return served(plain["spec"] as DefinitionSpec);
  const chart = charts[text(plain["chart"])];
  if (chart === undefined) return [];
  const without = chart.unless !== undefined && at(plain["values"], chart.unless)[0] === false;
  return without ? [] : kindsOf(chart);
}

/** The kinds of a chart or an add-on, with their versions. */
export function kindsOf({ group, version, namespaced, cluster }: Omit<Chart, "unless">): Defined[] {
  const named = (scope: string) => (kind: string) => ({ kind: `${group}/${version}/${kind}`, scope });
  return [...namespaced.map(named("Namespaced")), ...cluster.map(named("Cluster"))];
}

const served = ({ group, names, scope, versions }: DefinitionSpec): Defined[] =>
  versions
    .filter((version) => version.served)
    .map(({ name }) => ({ kind: `${group}/${name}/${names.kind}`, scope }));

/** An object in the API server: with an identity, and an address if it has a load balancer. */
export function live(values: Values): Values {
  const given = isObject(values["metadata"]) ? values["metadata"] : {};
  const metadata = { ...given, uid: randomBytes(16).toString("hex"), resourceVersion: "1", generation: 1 };
  const balanced = ["Ingress", "Service"].includes(text(values["kind"]));
  const hostname = `k8s-${text(metadataOf(values).name).slice(0, 20)}-${suffix()}.elb.amazonaws.com`;
  return { ...values, metadata, status: balanced ? { loadBalancer: { ingress: [{ hostname }] } } : {} };
}

/** A release as Helm reports it. */
export function installed(values: Values): Values {
  const { name, namespace = "default", version, chart } = values;
  const status = { name, namespace, version, chart, revision: 1, status: "deployed", appVersion: "" };
  return { ...values, resourceNames: {}, status };
}
