import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { answerHelp } from "../tools/usage.mjs";

/*
 * `npm run bench [-- --runs N]`: time and memory of each stack's preview, in total and per resource beyond loading the
 * SDKs, and how both grow with copies of the systems. Shows the best of N runs (3), since other load on the machine
 * only adds. "ms" is wall time and includes all policies' verdicts; "CPU ms" is the preview's processor time, which
 * other load doesn't change. The policy pack runs in the same process, so the figures include it.
 */

const here = dirname(fileURLToPath(import.meta.url));
const root = process.cwd();
const COPIES = [1, 4, 16, 64];
const option = process.argv.indexOf("--runs");
const runs = option < 0 ? 3 : Number(process.argv[option + 1]);
const usage =
  "Usage: npm run bench [-- --runs N]\nMeasures the preview of each stack, the best of N runs (default 3). Takes minutes.";
answerHelp(usage, ["--runs"]);
if (!Number.isInteger(runs) || runs < 1 || (option < 0 && process.argv.length > 2)) {
  process.stderr.write(`--runs takes a whole number from 1\n${usage}\n`);
  process.exit(2);
}

/** Runs a script once; returns wall and CPU time in milliseconds, peak memory in megabytes, and its output. */
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
      // Exit code 1 with a plan means policy violations: the preview ran anyway.
      if (code !== 0 && (code !== 1 || printed === ""))
        reject(new Error(`${script} ${args.join(" ")}: ${complaint.trim()}`));
      else resolve({ ms: performance.now() - start, ...JSON.parse(usage), printed });
    });
  });
}

/** The minimum of each figure. */
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
