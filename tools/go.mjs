// What the builders beside this file share: where things go, and how Go is asked for them.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = dirname(fileURLToPath(import.meta.url));

/** Modules stand alone, whatever workspace or vendoring the user's own Go settings ask for. */
export const GO_ENV = {
  ...process.env,
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -buildvcs=false",
  GOWORK: "off",
};

/** A folder of the user's cache; what is built outlives the work tree. */
export function cache(...parts) {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "plinth", ...parts);
}

/** Twelve digits that change with any file of these modules, with this one, and with `rest`. */
export function digest(modules, rest) {
  const sum = createHash("sha256");
  const inputs = modules.flatMap((module) =>
    readdirSync(join(HERE, module))
      .sort()
      .map((file) => join(HERE, module, file)),
  );
  for (const file of [...inputs, join(HERE, "go.mjs")]) sum.update(readFileSync(file));
  sum.update(rest);
  return sum.digest("hex").slice(0, 12);
}

/** The version that a tools module requires of one of its dependencies. */
export function pinned(module, dependency) {
  const text = readFileSync(join(HERE, module, "go.mod"), "utf8");
  const match = text
    .split("\n")
    .find((line) => line.replace("require ", "").trim().startsWith(`${dependency} v`));
  if (match === undefined) throw new Error(`tools/${module}/go.mod requires no ${dependency}`);
  return match
    .trim()
    .split(" ")
    .find((word) => /^v\d/.test(word));
}

/** Runs a command, its words on stderr. Throws where it fails. */
export function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, env: GO_ENV, stdio: ["ignore", 2, 2] });
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args[0]} failed in ${cwd}`);
}

/** Builds one program into the file `out`. */
export function goBuild(module, pkg, out, { flags = [], tags = [] } = {}) {
  const options = ["-trimpath", "-ldflags", ["-s", "-w", ...flags].join(" ")];
  run(
    "go",
    ["build", ...options, ...(tags.length > 0 ? ["-tags", tags.join()] : []), "-o", out, pkg],
    join(HERE, module),
  );
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Ends with a message where there is no Go. */
export function requireGo(module, otherwise) {
  const wanted = /^go (\S+)/m.exec(readFileSync(join(HERE, module, "go.mod"), "utf8"))[1];
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    fail(`go was not found on the PATH. Install Go ${wanted} or newer to build ${otherwise}`);
  }
}

/** Runs `make` on a scratch folder and moves its result into place whole, so that a cut build leaves no half of it. */
export function into(target, make) {
  if (existsSync(target)) return;
  const started = Date.now();
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(join(dirname(target), SCRATCH));
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    make(join(scratch, "out"));
    renameSync(join(scratch, "out"), target);
  } finally {
    remove();
    process.off("exit", remove);
  }
  process.stdout.write(`built ${target} in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** Name of scratch folders, and how old one is when no build can be at work in it any more: an hour. */
const SCRATCH = ".partial-";
const STALE_MS = 3_600_000;

/** Removes what builds that were killed have left. */
export function sweep(folder) {
  const old = (path) => Date.now() - statSync(path).mtimeMs > STALE_MS;
  const left = readdirSync(folder)
    .filter((name) => name.startsWith(SCRATCH))
    .map((name) => join(folder, name));
  for (const path of left.filter(old)) rmSync(path, { recursive: true, force: true });
}
