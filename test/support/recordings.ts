import { realProject } from "./stacks";

export { objects, podOwners, type Manifest } from "./objects";

/** What the real stacks register: see `Project`. */
export const { recordingOf, recordingWith } = realProject;
