import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepWhole, writeWhole } from "./write-whole.cjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const CACHE = join(ROOT, "node_modules", ".cache", "plinth");

const digest = (...parts) =>
  parts.reduce((hash, part) => hash.update(part).update("\0"), createHash("sha256")).digest("hex");

/** Inputs of a bundle in addition to its sources: the bundler and the compiler's settings. */
const RULES = ["package-lock.json", "tsconfig.json", "tools/bundle.mjs"].map((file) => join(ROOT, file));

/**
 * Digest of the contents of files; undefined if one of them can't be read. Reads them one after the other: hundreds of
 * small files take a fraction of the time of as many promises.
 */
function digestOf(files) {
  try {
    return digest(...[...RULES, ...files].map((file) => readFileSync(file)));
  } catch {
    return undefined;
  }
}

/** The cached bundle of a name, if it was built from the current sources. */
async function cached(file) {
  try {
    const { inputs, sources, text, check } = JSON.parse(await readFile(file, "utf8"));
    if (check === digest(text) && sources === digestOf(inputs)) return text;
  } catch {
    // Missing or damaged: build it again.
  }
  return undefined;
}

/**
 * Bundles a TypeScript module into one CommonJS text for Node with esbuild, and returns it. The text is cached in
 * `node_modules/.cache/plinth` and built again only when a source, the lock file or an option changes. Throws esbuild's
 * error when the sources don't parse.
 *
 * @param {string} entry
 * @param {import("esbuild").BuildOptions} options In addition to those that all bundles share.
 */
export async function bundleText(entry, options) {
  const all = {
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    ...options,
  };
  const file = join(CACHE, `bundle-${digest(JSON.stringify(all)).slice(0, 24)}.json`);
  const known = await cached(file);
  if (known !== undefined) return known;
  // Loaded lazily, since it starts its own process.
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...all,
    absWorkingDir: ROOT,
    write: false,
    metafile: true,
  });
  const text = outputFiles[0].text;
  // An input may be a virtual module of esbuild, which isn't a file.
  const inputs = Object.keys(metafile.inputs).map((input) => join(ROOT, input));
  const sources = digestOf(inputs);
  if (sources !== undefined) {
    keepWhole(file, JSON.stringify({ inputs, sources, text, check: digest(text) }));
  }
  return text;
}

/** {@link bundleText} into a file. If the file has that text already, only its modification time changes. */
export async function bundleFile(entry, target, options) {
  const text = await bundleText(entry, options);
  const present = await readFile(target, "utf8").catch(() => undefined);
  const now = new Date();
  // A read-only checkout, as in a container, may have been built before.
  if (present === text) await utimes(target, now, now).catch(() => undefined);
  else writeWhole(target, text);
}

/** Runs a build as a command. Prints one line when it fails. */
export async function asCommand(what, make) {
  try {
    await make();
  } catch (error) {
    process.stderr.write(`${what} could not be built: ${error.message}\n`);
    process.exitCode = 1;
  }
}
