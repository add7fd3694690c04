import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "../preview/bundle.mjs";
import { loadLazily } from "../preview/lazy-packages.cjs";

/* Starts the preflight of the project in the current folder. */

loadLazily();
const { main } = (await bundle(join(dirname(fileURLToPath(import.meta.url)), "main.ts")))();
const code = await main(process.argv.slice(2), process.cwd());
process.stdout.write("", () => process.exit(code));
