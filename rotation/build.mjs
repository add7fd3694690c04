import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAsCommand, buildFunction } from "../tools/function.mjs";

// pg's native binding, its client for another platform, and what is only for a terminal stay outside.
await buildAsCommand("rotation", () =>
  buildFunction(dirname(fileURLToPath(import.meta.url)), ["pg-native", "cloudflare:sockets"]),
);
