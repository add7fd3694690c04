import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAsCommand, buildFunction } from "../tools/function.mjs";

await buildAsCommand("pruning", () => buildFunction(dirname(fileURLToPath(import.meta.url))));
