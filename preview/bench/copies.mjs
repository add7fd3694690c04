import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "../bundle.mjs";
import { cacheCode } from "../code-cache.mjs";
import { loadLazily } from "../lazy-packages.cjs";

const here = dirname(fileURLToPath(import.meta.url));
loadLazily();
cacheCode(join(here, "..", ".."));
const { main } = (await bundle(join(here, "copies.ts")))();
await main(process.cwd(), Number(process.argv[2]));
process.stdout.write("", () => process.exit(0));
