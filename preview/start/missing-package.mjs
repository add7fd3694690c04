/**
 * The message about a missing package, if that is the error, with how to install it.
 *
 * @param {unknown} error
 * @param {string} root The project's folder.
 */
export function missingPackage(error, root) {
  const name = /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(error?.message ?? "")?.[1];
  return name === undefined
    ? undefined
    : `The package ${name} is missing: run \`npm ci\` in ${root}, then try again.\n`;
}
