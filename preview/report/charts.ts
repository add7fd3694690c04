import { stringify } from "yaml";

import type { Recording } from "../run-program";
import { isObject, type Wire, type WireObject } from "../wire";
import { groupBy } from "./group";
import type { Manifest } from "./manifests";

/** A file of a chart: `<system>/templates/<name>.yaml` and the like. */
export interface ChartFile {
  readonly file: string;
  readonly text: string;
}

/** The component that holds a whole system, and is a chart. */
const SYSTEM = "plinth:system:System";

/**
 * Each system as a Helm chart, for a cluster that Pulumi doesn't manage: its objects as templates, and the images of
 * its pods as values. Namespaces are those of the objects; values that are known only after `up` are the same
 * placeholders as in the manifests. The README names other charts (NATS), which aren't part of it.
 */
export function charts(manifests: readonly Manifest[], { resources }: Recording): ChartFile[] {
  const bySystem = groupBy(manifests, ({ urn }) => systemOf(urn, resources) ?? "");
  return [...bySystem].flatMap(([urn, objects]) => {
    if (urn === "") return [];
    const releases = [...resources.values()].filter(
      (each) => each.type === "kubernetes:helm.sh/v3:Release" && systemOf(each.urn, resources) === urn,
    );
    return chart(
      nameOf(objects),
      objects,
      releases.map(({ inputs }) => inputs),
    );
  });
}

function systemOf(urn: string, resources: Recording["resources"]): string | undefined {
  for (let at = resources.get(urn); at !== undefined; at = resources.get(at.parent ?? ""))
    if (at.type === SYSTEM) return at.urn;
  return undefined;
}

/** The system's own name, as in its namespaces' labels. */
function nameOf(objects: readonly Manifest[]): string {
  const labels = objects
    .filter(({ object }) => object.kind === "Namespace" && isObject(object.metadata))
    .map(({ object }) => (object.metadata as WireObject).labels);
  const [first] = labels.flatMap((each) => (isObject(each) ? [each["app.kubernetes.io/part-of"]] : []));
  return typeof first === "string" ? first : "system";
}

function chart(name: string, objects: readonly Manifest[], releases: readonly WireObject[]): ChartFile[] {
  const images = new Map<string, string>();
  const templates = objects.map(({ file, object }) => ({
    file: `${name}/templates/${file.replace("/", "-")}`,
    text: template(object, images),
  }));
  const head = {
    apiVersion: "v2",
    name,
    description: `${name}, as a preview of Plinth shows it`,
    type: "application",
    version: "0.1.0",
  };
  return [
    { file: `${name}/Chart.yaml`, text: stringify(head) },
    { file: `${name}/values.yaml`, text: stringify({ images: Object.fromEntries(images) }, WIDE) },
    { file: `${name}/README.md`, text: readme(name, releases) },
    ...templates,
  ];
}

const WIDE = { lineWidth: 0 };

/** Stands in a text until the text is a template. */
const token = (key: string) => `<image:${key}>`;

/** An object as a template: template syntax in it is escaped, and images are values. */
function template(object: WireObject, images: Map<string, string>): string {
  const text = stringify(withTokens(object, images), WIDE);
  return text
    .replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`)
    .replaceAll(/<image:([^>]*)>/g, (_, key: string) => `{{ index .Values.images "${key}" | quote }}`);
}

/** The object with a token for the image of each container. Its key: the pod's name, and the container's. */
function withTokens(object: WireObject, images: Map<string, string>): WireObject {
  const labelled = isObject(object.metadata) ? object.metadata.labels : undefined;
  const owner = isObject(labelled) ? String(labelled["app.kubernetes.io/name"]) : String(object.kind);
  const walk = (value: Wire): Wire => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([key, inner]): [string, Wire] => {
      if (!key.toLowerCase().endsWith("containers") || !Array.isArray(inner)) return [key, walk(inner)];
      return [key, inner.map((container) => (isObject(container) ? named(container) : container))];
    });
    return Object.fromEntries(members) as WireObject;
  };
  const named = (container: WireObject): WireObject => {
    if (typeof container.image !== "string") return container;
    const key = `${owner}/${String(container.name)}`;
    images.set(key, container.image);
    return { ...container, image: token(key) };
  };
  return walk(object) as WireObject;
}

const readme = (name: string, releases: readonly WireObject[]): string =>
  [
    `# ${name}`,
    "",
    "Written by `npm run preview -- <stack> --out`. Install it with a values file that names the images, after you replace the placeholders of values that are known only after a deployment: `unknowns.json`, two folders up, lists them under `manifests/`, and the templates here have the same ones.",
    "",
    `    helm upgrade --install ${name} . --namespace default`,
    "",
    "These must exist before: the operators and their CRDs, priority classes, the entries in Secrets Manager and the IAM roles. Helm creates namespaces first and has no gates: jobs and workloads start together, and a workload fails its probes until its database has its roles and schema.",
    ...releases.map(
      ({ name: release, chart: from, version, namespace }) =>
        `\nAlso install the chart \`${String(from)}\` ${String(version)} as \`${String(release)}\` in \`${String(namespace)}\`: its values are in \`preview.json\`.`,
    ),
    "",
  ].join("\n");
