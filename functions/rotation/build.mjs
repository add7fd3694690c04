import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunction } from "../../tools/function.mjs";

// Excludes pg's native binding, its client for another platform, and packages only for terminals.
const outside = ["pg-native", "cloudflare:sockets"];
await buildFunction("rotation", dirname(fileURLToPath(import.meta.url)), outside);
