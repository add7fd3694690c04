import { firstRegionOf } from "../support/recordings";
import { has, stacks, type Stack } from "../support/stacks";
import { alertGroups } from "./queries";

/** Whether a stack has Prometheus. */
export const isWatched = (stack: Stack) => has(stack, "cluster.operators.prometheus");
/** The stacks that have it. */
export const watched = stacks.filter(isWatched);

/** A stack's groups of alerts. */
export const groupsOf = async (stack: Stack) => alertGroups(await firstRegionOf(stack));
