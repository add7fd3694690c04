import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunction } from "../../tools/function.mjs";

await buildFunction("copy-ages", dirname(fileURLToPath(import.meta.url)));
