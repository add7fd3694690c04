import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/*
 * `npm run bench [-- --runs N]`: how long the preview of each stack takes and how much memory, per resource
 * beyond what loading the SDKs takes; and how both grow with copies of the systems. The best of N runs (3)
 * is shown, since other work on the machine only ever adds. Milliseconds are of the clock, the wait for every
 * policy's verdict included; "CPU" is the preview's own processor time, which a busy machine doesn't change.
 * The policy pack runs in the same process, so its time and memory are in the figures.
 */

const here = dirname(fileURLToPath(import.meta.url));
const root = process.cwd();
const COPIES = [1, 4, 16, 64];
const option = process.argv.indexOf("--runs");
const runs = option < 0 ? 3 : Number(process.argv[option + 1]);

/** Runs a script once; returns milliseconds (of the clock, of the CPU), megabytes at the peak, and what it printed. */
function once(script, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const stdio = ["ignore", "pipe", "pipe", "pipe"];
    const child = spawn(process.execPath, ["--require", join(here, "bench/usage.cjs"), script, ...args], {
      stdio,
    });
    let [printed, complaint, usage] = ["", "", ""];
    child.stdout.on("data", (chunk) => (printed += chunk));
    child.stderr.on("data", (chunk) => (complaint += chunk));
    child.stdio[3].on("data", (chunk) => (usage += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      // 1 is a violated policy: the preview ran all the same.
      if (code !== 0 && code !== 1) reject(new Error(`${script} ${args.join(" ")}: ${complaint.trim()}`));
      else resolve({ ms: performance.now() - start, ...JSON.parse(usage), printed });
    });
  });
}

/** The least of each figure. */
async function measure(script, args) {
  const results = [];
  for (let run = 0; run < runs; run++) results.push(await once(join(here, script), args));
  const least = (key) => Math.min(...results.map((result) => result[key]));
  const resources = results[0].printed === "" ? 0 : JSON.parse(results[0].printed).resources.length;
  return { ms: least("ms"), cpu: least("cpu"), mb: least("mb"), resources };
}

const row = (cells) =>
  `${cells[0].padEnd(22)}${cells
    .slice(1)
    .map((cell) => cell.padStart(13))
    .join("")}`;
const print = (name, figures, load) => {
  const { ms, cpu, mb, resources } = figures;
  const per = (key, digits) => (load ? ((figures[key] - load[key]) / resources).toFixed(digits) : "");
  const totals = [ms.toFixed(0), cpu.toFixed(0), mb.toFixed(0), load ? String(resources) : ""];
  console.log(row([name, ...totals, per("ms", 2), per("cpu", 2), per("mb", 3)]));
};

try {
  await (await import(pathToFileURL(join(root, "policies/build.mjs")).href)).buildPack();
  console.log(
    row(["", "ms", "CPU ms", "MB peak", "resources", "ms/resource", "CPU/resource", "MB/resource"]),
  );
  const load = await measure("bench/load.cjs", []);
  print("SDK load", load);
  const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []);
  for (const stack of stacks.sort()) print(stack, await measure("run.mjs", [stack, "--json"]), load);
  for (const copies of COPIES) {
    print(`systems x ${copies}`, await measure("bench/copies.mjs", [String(copies)]), load);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
