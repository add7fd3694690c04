import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { missingPackage } from "./start/missing-package.mjs";

/*
 * `npm run bench [-- --runs N] [--markdown]`: time and memory of each stack's preview, in total and per resource beyond
 * loading the SDKs, and how both grow with copies of the systems. Shows the best of N runs (3), since other load on the
 * machine only adds. "ms" is wall time and includes all policies' verdicts; "CPU ms" is the processor time of all
 * threads. Exit code: 0; 2: the command line is at fault; 3: a preview fails, or packages aren't installed.
 */

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const COPIES = [1, 4, 16, 64];
const LARGEST = "prod";
const CACHE = join(root, "node_modules", ".cache", "plinth");
const HEAD = ["", "ms", "CPU ms", "MB peak", "resources", "ms/resource", "CPU/resource", "MB/resource"];

/** Node's options of `npm run preview`: `node [options] preview/run.mjs`. */
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const nodeOptions = scripts.preview.split(" ").slice(1, -1);

async function readOptions() {
  const { Command, InvalidArgumentError } = await import("commander");
  const count = (text) => {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  };
  return new Command("npm run bench --")
    .description("Measures the preview of each stack, and how it grows with copies of the systems.")
    .option("--runs <n>", "run each preview N times and show the best", count, 3)
    .option("--markdown", "print the table and its heading for README.md")
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
}

/** Runs a script once; returns wall and CPU time in milliseconds, peak memory in megabytes, and its output. */
function once(script, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const stdio = ["ignore", "pipe", "pipe", "pipe"];
    const options = [...nodeOptions, "--require", join(here, "bench/usage.cjs")];
    const child = spawn(process.execPath, [...options, join(here, script), ...args], { cwd: root, stdio });
    let [printed, complaint, usage] = ["", "", ""];
    child.stdout.on("data", (chunk) => (printed += chunk));
    child.stderr.on("data", (chunk) => (complaint += chunk));
    child.stdio[3].on("data", (chunk) => (usage += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      // Exit code 1 with a plan means policy violations: the preview ran anyway.
      if (code !== 0 && (code !== 1 || printed === ""))
        reject(new Error(`${script} ${args.join(" ")}: ${complaint.trim()}`));
      else resolve({ ms: performance.now() - start, ...JSON.parse(usage), printed });
    });
  });
}

/** The minimum of each figure. */
async function measure(runs, script, args, before = () => undefined) {
  const results = [];
  for (let run = 0; run < runs; run++) {
    before();
    results.push(await once(script, args));
  }
  const least = (key) => Math.min(...results.map((result) => result[key]));
  const resources = results[0].printed === "" ? 0 : JSON.parse(results[0].printed).resources.length;
  return { ms: least("ms"), cpu: least("cpu"), mb: least("mb"), resources };
}

function cells(name, figures, load) {
  const { ms, cpu, mb, resources } = figures;
  const per = (key, digits) => (load ? ((figures[key] - load[key]) / resources).toFixed(digits) : "");
  const totals = [ms.toFixed(0), cpu.toFixed(0), mb.toFixed(0), load ? String(resources) : ""];
  return [name, ...totals, per("ms", 2), per("cpu", 2), per("mb", 3)];
}

const line = ([name, ...figures]) => name.padEnd(22) + figures.map((figure) => figure.padStart(13)).join("");

/** A table as Prettier formats it. */
function markdown(rows) {
  const widths = HEAD.map((_, at) => Math.max(...[HEAD, ...rows].map((row) => row[at].length), 3));
  const format = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
  return [format(HEAD), format(widths.map((width) => "-".repeat(width))), ...rows.map(format)].join("\n");
}

/** The goals, each with what was measured. */
function goals({ load, prod, 1: one, 64: many }) {
  const goal = (what, value, limit, terms) =>
    `- ${what}: ${value} of at most ${limit}${terms}: ${Number(value) <= Number(limit) ? "met" : "missed"}`;
  const of = (key, share) => (1.4 * load[key] + share * prod.resources).toFixed(0);
  const each = ({ ms, resources }) => (ms - load.ms) / resources;
  const { resources } = prod;
  return [
    goal("ms of prod", prod.ms.toFixed(0), of("ms", 0.7), ` (1.4 × the SDKs + 0.7 × ${resources} resources)`),
    goal("MB of prod", prod.mb.toFixed(0), of("mb", 0.1), ` (1.4 × the SDKs + 0.1 × ${resources} resources)`),
    goal(
      "ms a resource of 64 copies",
      each(many).toFixed(2),
      each(one).toFixed(2),
      " (one copy: no worse than linear)",
    ),
  ].join("\n");
}

async function bench({ runs, markdown: forReadme = false }) {
  const rows = [];
  const figures = {};
  const show = (key, name, measured) => {
    figures[key] = measured;
    rows.push(cells(name, measured, key === "load" ? undefined : figures.load));
    if (!forReadme) console.log(line(rows.at(-1)));
  };
  if (!forReadme) console.log(line(HEAD));
  show("load", "SDKs alone", await measure(runs, "bench/load.cjs", []));
  const forget = () => rmSync(CACHE, { recursive: true, force: true });
  const preview = [LARGEST, "--json"];
  show("cold", `${LARGEST}, no cache`, await measure(runs, "run.mjs", preview, forget));
  const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []);
  for (const stack of stacks.sort()) {
    // Fills the caches.
    await once("run.mjs", [stack, "--json"]);
    show(stack, stack, await measure(runs, "run.mjs", [stack, "--json"]));
  }
  await once("bench/copies.mjs", ["1"]);
  for (const copies of COPIES)
    show(copies, `systems × ${copies}`, await measure(runs, "bench/copies.mjs", [String(copies)]));
  if (forReadme) {
    const times = runs === 1 ? "one run" : `the best of ${runs} runs`;
    const version = process.versions.node.split(".").slice(0, 2).join(".");
    console.log(`${availableParallelism()} cores, Node ${version}, ${times}:\n\n${markdown(rows)}`);
  }
  console.log(`\n${goals(figures)}`);
}

try {
  await bench(await readOptions());
} catch (error) {
  process.stderr.write(missingPackage(error, root) ?? `${error.message}\n`);
  process.exitCode = 3;
}
