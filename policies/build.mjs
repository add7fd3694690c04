import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asCommand, bundleFile } from "../tools/bundle.mjs";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * Bundles the policy pack into `policies/bin/index.js`, which is what its `package.json` names as main. Packages stay
 * outside the bundle. Throws esbuild's error when the sources do not parse.
 */
export const buildPack = () =>
  bundleFile(join(folder, "index.ts"), join(folder, "bin", "index.js"), {
    target: "node20",
    packages: "external",
  });

if (process.argv[1] === fileURLToPath(import.meta.url)) await asCommand("The policy pack", buildPack);
