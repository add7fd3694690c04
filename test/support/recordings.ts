import { Recording } from "../../preview/run-program";
import { onceEach } from "./once-each";
import { realProject, type Stack } from "./stacks";

export { objects, podOwners, type Manifest } from "./objects";

/** What the real stacks register: see `Project`. */
export const { recordingOf, recordingWith } = realProject;

/**
 * What a stack registers, without its second region. Tests that compare a plan with the documents use the first region;
 * test/stacks/warm-standby.test.ts compares the second one with the first.
 */
export async function firstRegionOf(stack: Stack): Promise<Recording> {
  return firstRegionIn(await recordingOf(stack));
}

/** The same for a recording. */
export const firstRegionIn = onceEach(
  ({ resources, outputs }: Recording) =>
    new Recording(new Map([...resources].filter(([, { name }]) => !/^standby(-|$)/.test(name))), outputs),
);
