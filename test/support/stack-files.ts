import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Names of the stacks of a folder, sorted, from their files. */
export const stackNames = (folder: string): string[] =>
  readdirSync(folder)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();

/** The stack with the longest file, which uses most features: tests that need one stack use it. */
export function largestStack(folder: string): string {
  const size = (stack: string) => statSync(join(folder, `Pulumi.${stack}.yaml`)).size;
  const [largest] = stackNames(folder).sort((one, other) => size(other) - size(one));
  if (largest === undefined) throw new Error(`${folder} has no Pulumi.<stack>.yaml`);
  return largest;
}
