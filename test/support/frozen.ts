import { join } from "node:path";
import { catalog } from "../fixtures/project/systems";
import { projectIn } from "./project";

export { catalog };
export { today, type Stack } from "./project";

/**
 * A project only for tests, whose catalog and stack files don't change with the real ones. Tests of machinery use it and
 * can therefore expect exact values.
 */
export const { stacks, stackText, stackConfig, settingsOf, settingsOfText, recordingOf, recordingWith } =
  projectIn(join(__dirname, "..", "fixtures", "project"), catalog);
