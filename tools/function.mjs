import { join } from "node:path";
import { asCommand, bundleFile } from "./bundle.mjs";

/**
 * Bundles a Lambda function, `index.ts` of a folder, into `bin/index.js` beside it, which the program sends to Lambda:
 * a command of its own. AWS's SDK stays outside: the runtime has it. The same sources and packages give the same file,
 * so an update changes no function that hasn't changed.
 *
 * @param {string} name
 * @param {string} folder
 * @param {readonly string[]} [external] Further packages that stay outside.
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
