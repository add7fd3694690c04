import type { Fault } from "../config/errors";

/** What stands in the way of a Compose file: every fault at once, worded for the person who has to fix it. */
export class ComposeError extends Error {
  override name = "ComposeError";

  constructor(readonly faults: readonly Fault[]) {
    const noun = faults.length === 1 ? "fault" : "faults";
    const lines = faults.map(({ path, found, expected }) => `  ${path}: found ${found}; ${expected}`);
    super([`Nothing was written: ${faults.length} ${noun}.`, ...lines].join("\n"));
  }
}
