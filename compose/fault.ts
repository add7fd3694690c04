import type { Fault } from "../config/reading/errors";

/** Reasons why no Compose file can be written: every fault at once, in words for the person who fixes it. */
export class ComposeError extends Error {
  override name = "ComposeError";

  constructor(readonly faults: readonly Fault[]) {
    const noun = faults.length === 1 ? "fault" : "faults";
    const lines = faults.map(({ path, found, expected }) => `  ${path}: found ${found}; ${expected}`);
    super([`Nothing was written: ${faults.length} ${noun}.`, ...lines].join("\n"));
  }
}
