import { join } from "node:path";
import { catalog } from "../../systems";
import { projectIn, type Stack } from "./project";
import { largestStack } from "./stack-files";

export { today, type Stack } from "./project";

const root = join(__dirname, "..", "..");

/** The real project, for tests of what is deployed. Tests of machinery use `frozen.ts`. */
export const realProject = projectIn(root, catalog);

export const { stackText, stackConfig, settingsOf, settingsOfText } = realProject;

/** Whether a stack is disposable, like `dev`: the documents' requirements on replicas and backups don't apply to it. */
export const disposable = (stack: Stack): boolean =>
  stackConfig(stack).config["plinth:disposable"] === "true";

/**
 * Whether a stack file has a value at `plinth:` and a dotted path. Tests depend on what a stack has, never on its
 * name, so that they work for new environments.
 */
export const has = (stack: Stack, dotted: string): boolean => {
  const [key = "", ...rest] = dotted.split(".");
  const value = stackConfig(stack).config[`plinth:${key}`];
  if (value === undefined || rest.length === 0) return value !== undefined;
  const inner = rest.reduce<unknown>(
    (at, part) => (at as Partial<Record<string, unknown>> | undefined)?.[part],
    JSON.parse(value),
  );
  return inner !== undefined;
};

/** The real stacks, as many as there are stack files. */
export const stacks: readonly Stack[] = realProject.stacks;

/** See `largestStack`. */
export const largest: Stack = largestStack(root);
