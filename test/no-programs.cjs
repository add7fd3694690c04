"use strict";
const childProcess = require("node:child_process");
const { syncBuiltinESMExports } = require("node:module");

/**
 * For `npm run test:unit`: a test that starts a program fails. Such tests are in files `*.program.test.ts`, which
 * `npm run test:programs` runs.
 *
 * Allowed are esbuild, and Node on a `build.mjs`, which the program itself runs to bundle its Lambda functions.
 */
const allowed = (command, args) =>
  /[\\/]esbuild(\.exe)?$/.test(command) ||
  (command === process.execPath && args.length === 1 && /(^|[\\/])build\.mjs$/.test(args[0]));

function check(command, args = []) {
  if (!allowed(command, args))
    throw new Error(
      `a unit test starts a program: ${[command, ...args].join(" ")}; move it to a file *.program.test.ts`,
    );
}

function refuse() {
  const { prototype } = childProcess.ChildProcess;
  const { spawn } = prototype;
  // What spawn, exec, execFile and fork call.
  prototype.spawn = function (options) {
    check(options.file, options.args?.slice(1));
    return spawn.call(this, options);
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"]) {
    const { [name]: start } = childProcess;
    childProcess[name] = (command, ...rest) => {
      check(command, Array.isArray(rest[0]) ? rest[0] : []);
      return start(command, ...rest);
    };
  }
  syncBuiltinESMExports();
}

// At once, since a file may start a program when it is loaded. With --parallel, mocha's own process starts its workers.
if (process.env.MOCHA_WORKER_ID !== undefined || !process.argv.includes("--parallel")) refuse();
