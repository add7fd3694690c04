import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { Recording } from "../../preview/run-program";
import { keepWhole } from "../../tools/write-whole.cjs";

/*
 * Recordings in node_modules/.cache, for all test processes and for the next run of the tests. Reading one takes a
 * twentieth of the time that the program takes. The folder may be deleted or damaged at any time.
 */

const root = join(__dirname, "..", "..");
const kept = join(root, "node_modules", ".cache", "plinth", "recordings");

/**
 * A kept recording of the same sources and inputs, or a new one, which is then kept. With `TEST_RECORDINGS=new` always a
 * new one, since a program that doesn't run isn't covered (`test/coverage-hook.cjs`).
 *
 * @param inputs everything besides the sources that the recording depends on, as JSON
 */
export async function keptRecording(
  inputs: readonly unknown[],
  record: () => Promise<Recording>,
): Promise<Recording> {
  if (process.env.TEST_RECORDINGS === "new") return record();
  const key = createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 32);
  const file = join(folder(), key);
  try {
    const { resources, outputs } = deserialize(brotliDecompressSync(readFileSync(file))) as Recording;
    return new Recording(resources, outputs);
  } catch {
    // None yet, or a damaged one.
  }
  const recording = await record();
  const { resources, outputs } = recording;
  keepWhole(file, brotliCompressSync(serialize({ resources, outputs }), fast));
  return recording;
}

/** The fastest level takes a tenth of the space, in a hundredth of a recording's time. */
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

let made: string | undefined;

/** The folder for recordings of the current sources. Those of other sources are removed, except for the newest. */
function folder(): string {
  if (made !== undefined) return made;
  const name = sources();
  made = join(kept, name);
  mkdirSync(made, { recursive: true });
  const age = (each: string) => statSync(join(kept, each), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const others = readdirSync(kept).filter((each) => each !== name);
  for (const each of others.sort((one, other) => age(other) - age(one)).slice(1))
    rmSync(join(kept, each), { recursive: true, force: true });
  return made;
}

/** Folders whose files determine nothing that a stack registers. */
const without = /^(\..*|node_modules|coverage|dist|docs|local|policies|test|tools)$/;

/** Sources of images in the tests' stack files, and the rules for identifiers of resources. */
const testFolders = ["test/fixtures", "test/components/workload/fixtures", "test/engine/providers"];
/** Files that run the program. */
const testFiles = ["test/support/project.ts", "test/support/iam/recordings.ts"];

/** Digest of everything that determines what a stack registers, except its configuration and the catalog. */
function sources(): string {
  const hash = createHash("sha256").update(process.version);
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !without.test(entry.name))
    .map(({ name }) => name);
  const files = [...folders, ...testFolders]
    .flatMap((name) => readdirSync(join(root, name), { recursive: true, withFileTypes: true }))
    // Build results are in folders `bin`.
    .filter((entry) => entry.isFile() && basename(entry.parentPath) !== "bin")
    .map((entry) => join(entry.parentPath, entry.name));
  const single = ["index.ts", "Pulumi.yaml", "package-lock.json", ...testFiles];
  for (const file of [...files.sort(), ...single.map((each) => join(root, each))])
    hash.update(file).update(readFileSync(file));
  return hash.digest("hex").slice(0, 32);
}
