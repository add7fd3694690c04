import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Document } from "yaml";
import { environment } from "../../components/environment";
import { loadSettings } from "../../config";
import type { Registration } from "../../preview/monitor";
import { previewProgram, Recording } from "../../preview/run-program";
import { speedUp } from "../../preview/sdk-speed";
import { catalog } from "../../systems";
import { stackConfig, stackText, today, type Stack } from "./stacks";

// Every test file may ask for every stack: the preview's own speed counts here, too.
speedUp(new Set());

const root = join(__dirname, "..", "..");
const cache = join(root, "node_modules", ".cache", "plinth", "recordings");
const recordings = new Map<Stack, Promise<Recording>>();

/** What a stack registers, from its real file. Each stack runs once for all the tests, of all processes. */
export function recordingOf(stack: Stack): Promise<Recording> {
  const known = recordings.get(stack);
  if (known !== undefined) return known;
  const recording = shared(stack);
  recordings.set(stack, recording);
  return recording;
}

/** What a stack would register after an edit of its file. */
export function recordingWith(stack: Stack, edit?: (file: Document) => void): Promise<Recording> {
  const program = () => environment(loadSettings(catalog, today), catalog);
  return previewProgram(program, { stack, ...stackConfig(stack, edit) });
}

/** A recording that another process has left, of the same sources; else one is made and left. */
async function shared(stack: Stack): Promise<Recording> {
  const file = `${stack}-${createHash("sha256").update(sources()).update(stackText(stack)).digest("hex")}`;
  try {
    const { resources, outputs } = deserialize(readFileSync(join(cache, file))) as Recording;
    return new Recording(resources, outputs);
  } catch {
    // None yet, or a damaged one.
  }
  const recording = await recordingWith(stack);
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache))
    if (old.startsWith(`${stack}-`)) rmSync(join(cache, old), { force: true });
  const draft = join(cache, `draft-${stack}-${process.pid}`);
  writeFileSync(draft, serialize({ resources: recording.resources, outputs: recording.outputs }));
  renameSync(draft, join(cache, file));
  return recording;
}

let digest: Buffer | undefined;

/** Digest of everything that decides what a stack registers, but for the stack's own file. */
function sources(): Buffer {
  if (digest !== undefined) return digest;
  const hash = createHash("sha256");
  const files = readdirSync(root, { withFileTypes: true, recursive: false })
    .filter(
      (entry) => entry.isDirectory() && !/^(\..*|node_modules|docs|test|tools|policies)$/.test(entry.name),
    )
    .flatMap(({ name }) => readdirSync(join(root, name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const single = ["index.ts", "Pulumi.yaml", "package-lock.json"].map((file) => join(root, file));
  for (const file of [...files.sort(), ...single]) hash.update(file).update(readFileSync(file));
  digest = hash.digest();
  return digest;
}

/** The manifest that a Kubernetes resource was given. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** What runs workloads' pods, by `namespace/name`: Deployments, and Rollouts where versions stand side by side. */
export const podOwners = (recording: Recording): ReturnType<typeof objects> =>
  new Map([...objects(recording, "Deployment"), ...objects(recording, "Rollout")]);

/** The Kubernetes objects of a kind, by `namespace/name`. */
export function objects(
  recording: Recording,
  kind: string,
): Map<string, { manifest: Manifest; resource: Registration }> {
  const found = [...recording.resources.values()].filter(
    ({ type, custom }) => custom && type.startsWith("kubernetes:") && type.endsWith(`:${kind}`),
  );
  return new Map(
    found.map((resource) => {
      const manifest = resource.inputs as unknown as Manifest;
      return [`${manifest.metadata.namespace ?? ""}/${manifest.metadata.name}`, { manifest, resource }];
    }),
  );
}
