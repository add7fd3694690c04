import { readdirSync } from "node:fs";

const STACK_FILE = /^Pulumi\.(?<stack>[^.]+)\.yaml$/;

/** The stacks of the project in `root`, sorted: one per `Pulumi.<stack>.yaml`. */
export function stacksOf(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => STACK_FILE.exec(file)?.groups?.stack ?? [])
    .sort();
}
