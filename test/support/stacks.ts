import { join } from "node:path";
import { catalog } from "../../systems";
import { projectIn, type Stack } from "./project";
import { largestStack } from "./stack-files";

export { today, type Stack } from "./project";

const root = join(__dirname, "..", "..");

/** The project as it is: for tests of what is deployed. Tests of machinery use `frozen.ts`. */
export const realProject = projectIn(root, catalog);

export const { stackText, stackConfig, settingsOf, settingsOfText } = realProject;

/** Whether a stack is one that nothing outlives, as `dev` is: the documents' demands on copies and backups leave it out. */
export const disposable = (stack: Stack): boolean =>
  stackConfig(stack).config["plinth:disposable"] === "true";

/** The real stacks, as many as there are stack files. */
export const stacks: readonly Stack[] = realProject.stacks;

/** See `largestStack`. */
export const largest: Stack = largestStack(root);
