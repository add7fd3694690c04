// Entry point of `npm run test:cluster`. If it is interrupted, it stops everything that it started: the control plane
// listens for the end of this process.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("../../tools/typescript.cjs");
const { main } = require("./main.ts");

for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
const code = await main(process.cwd(), process.argv.slice(2));
// If one cluster couldn't be tested, the other's test may still run: this ends it.
process.stdout.write("", () => process.exit(code));
