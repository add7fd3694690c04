import { setTimeout as sleep } from "node:timers/promises";

/** What a look at the cluster showed. */
export interface Look {
  done: boolean;
  /** Anything that changes as long as something moves. */
  state: string;
}

export interface Patience {
  /** How long nothing may move before it is given up, milliseconds. */
  stallMs: number;
  /** How long it may take in all, milliseconds. */
  timeoutMs: number;
}

/**
 * On two cores, a control plane that still moves shows it within 8 seconds, and a pod counts up to 20 seconds later
 * (`minReadySeconds`). A rolling update goes through that four times.
 */
export const PATIENCE: Patience = { stallMs: 28_000, timeoutMs: 300_000 };

/** Looks until it is done. False where nothing moved for a while, or where it took too long. */
export async function settle(look: () => Promise<Look>, patience: Patience = PATIENCE): Promise<boolean> {
  const deadline = Date.now() + patience.timeoutMs;
  let moved = Date.now();
  let last = "";
  for (;;) {
    const { done, state } = await look();
    if (done) return true;
    const now = Date.now();
    if (state !== last) moved = now;
    last = state;
    if (now > deadline || now - moved > patience.stallMs) return false;
    await sleep(150);
  }
}
