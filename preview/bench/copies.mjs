import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "../start/bundle.mjs";
import { cacheCode } from "../start/code-cache.mjs";
import { loadLazily } from "../start/lazy-packages.cjs";
import { rememberPaths } from "../start/module-paths.mjs";

const here = dirname(fileURLToPath(import.meta.url));
loadLazily();
const root = join(here, "..", "..");
rememberPaths(root);
cacheCode(root);
const { main } = (await bundle(join(here, "copies.ts")))();
await main(process.cwd(), Number(process.argv[2]));
process.stdout.write("", () => process.exit(0));
