import { Recording } from "../../preview/run-program";
import { onceEach } from "./once-each";
import { realProject, type Stack } from "./stacks";

export { objects, podOwners, type Manifest } from "./objects";

/** What the real stacks register: see `Project`. */
export const { recordingOf, recordingWith } = realProject;

/**
 * What a stack registers but for its second region. Tests that hold a plan against the documents look at the first
 * one; test/stacks/warm-standby.test.ts holds the second one against the first.
 */
export async function firstRegionOf(stack: Stack): Promise<Recording> {
  return firstRegionIn(await recordingOf(stack));
}

/** The same of a recording. */
export const firstRegionIn = onceEach(
  ({ resources, outputs }: Recording) =>
    new Recording(new Map([...resources].filter(([, { name }]) => !/^standby(-|$)/.test(name))), outputs),
);
