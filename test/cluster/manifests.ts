import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";

import { UserError } from "./errors";
import type { KubeObject } from "./types";

/** One object in the preview's output. */
export interface Manifest {
  /** Path relative to the manifest folder. */
  file: string;
  object: KubeObject;
}

/**
 * Reads every object below a folder, from `.yaml` files sorted by path.
 *
 * Throws one UserError with every fault: no folder, no manifest, invalid YAML, an object without kind or name,
 * duplicate objects.
 */
export function readManifests(folder: string): Manifest[] {
  const files = yamlFiles(folder);
  if (files.length === 0) {
    throw new UserError(
      `${folder} holds no manifest (*.yaml): the test would pass on nothing. ` +
        "Write them with: npm run preview -- <stack> --out DIR",
    );
  }
  const faults: string[] = [];
  const manifests = files.flatMap((path) => readFile(folder, path, faults));
  faults.push(...doubled(manifests));
  if (faults.length > 0) {
    throw new UserError(
      [`${folder}: ${faults.length} of its manifests can't be used`, ...faults].join("\n  "),
    );
  }
  return manifests;
}

/** Identifies an object regardless of its API version, as the server does. */
export function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** The manifests of one kind, with that type. */
export function ofKind<T extends KubeObject>(objects: readonly KubeObject[], kind: string): T[] {
  return objects.filter((object): object is T => object.kind === kind);
}

function yamlFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${folder} is no folder. Write manifests with: npm run preview -- <stack> --out DIR`);
  }
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}

function readFile(folder: string, path: string, faults: string[]): Manifest[] {
  const file = relative(folder, path);
  return parseAllDocuments(readFileSync(path, "utf8")).flatMap((document) => {
    const broken = document.errors[0];
    if (broken) {
      faults.push(`${file}: not YAML: ${broken.message.split("\n")[0] ?? ""}`);
      return [];
    }
    const value: unknown = document.toJS();
    if (isKubeObject(value)) return [{ file, object: value }];
    faults.push(`${file}: found ${describe(value)}; a manifest has apiVersion, kind and metadata.name`);
    return [];
  });
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}

function describe(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 80);
}

function doubled(manifests: readonly Manifest[]): string[] {
  const seen = new Map<string, string>();
  return manifests.flatMap(({ file, object }) => {
    const first = seen.get(keyOf(object));
    seen.set(keyOf(object), file);
    return first === undefined ? [] : [`${file}: the same object as in ${first}`];
  });
}
