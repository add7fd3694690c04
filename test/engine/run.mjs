import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/* Starts the engine test: see main.ts, or `npm run test:engine -- --help`. */

const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
// Programs that the CLI runs would otherwise leave their caches in the temporary folder.
process.env.DISABLE_V8_COMPILE_CACHE = "1";
const require = createRequire(import.meta.url);
require("../../tools/typescript.cjs");
const { main } = require("./main.ts");
process.exit(await main(project, process.argv.slice(2)));
