import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunction } from "../../tools/function.mjs";

// pg's native binding, its client for another platform, and what is only for a terminal stay outside.
const outside = ["pg-native", "cloudflare:sockets"];
await buildFunction("rotation", dirname(fileURLToPath(import.meta.url)), outside);
