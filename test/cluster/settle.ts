import { setTimeout as sleep } from "node:timers/promises";

/** State of the cluster at one check. */
export interface Look {
  done: boolean;
  /** Differs between two checks as long as something changes. */
  state: string;
}

export interface Patience {
  /** Timeout without any change, in milliseconds. */
  stallMs: number;
  /** Total timeout in milliseconds. */
  timeoutMs: number;
}

/**
 * On two cores, an active control plane shows a change within 8 seconds, and a pod counts up to 20 seconds later
 * (`minReadySeconds`). A rolling update repeats that four times.
 */
export const PATIENCE: Patience = { stallMs: 28_000, timeoutMs: 300_000 };

/** Checks until it is done. False if nothing changed for a while, or if it took too long. */
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
