import { join } from "node:path";
import { asCommand, bundleFile } from "./bundle.mjs";

/**
 * Bundles a Lambda function, `index.ts` of a folder, into `bin/index.js` next to it, which the program uploads to
 * Lambda. The AWS SDK is excluded, since the runtime includes it. The build is reproducible, so an update only changes
 * functions whose sources or packages changed.
 *
 * @param {string} name
 * @param {string} folder
 * @param {readonly string[]} [external] Other packages to exclude.
 */
export const buildFunction = (name, folder, external = []) =>
  asCommand(`The ${name} function`, () =>
    bundleFile(join(folder, "index.ts"), join(folder, "bin", "index.js"), {
      target: "node22",
      external: ["@aws-sdk/*", ...external],
      minifySyntax: true,
      legalComments: "none",
    }),
  );
