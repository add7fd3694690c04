import { join } from "node:path";
import { catalog } from "../fixtures/project/systems";
import { projectIn } from "./project";

export { catalog };
export { today, type Stack } from "./project";

/**
 * A project of the tests' own, with a catalog and stack files that ordinary changes of the real ones leave alone. Tests
 * of machinery stand on it, so that they may expect exact values.
 */
export const { stacks, stackText, stackConfig, settingsOf, settingsOfText, recordingOf, recordingWith } =
  projectIn(join(__dirname, "..", "fixtures", "project"), catalog);
