import { setTimeout as sleep } from "node:timers/promises";

/** Polling interval in milliseconds. */
const PACE_MS = 400;

type Trace = (what: string, seen: string) => void;

let printer: Trace | undefined;

/** Prints every change that a scenario waits for. */
export function traceTo(print: Trace): void {
  printer = print;
}

/** Writes to the trace, if it is on. */
export const trace: Trace = (what, seen) => printer?.(what, seen);

/**
 * Polls until the state is as wanted. Throws an error with the last state on a timeout, and at once if `never` returns
 * a reason.
 */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T>,
  wanted: (seen: T) => boolean,
  never: (seen: T) => string | undefined = () => undefined,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last = "";
  for (;;) {
    const seen = await look();
    const now = JSON.stringify(seen);
    if (now !== last) trace(what, now);
    last = now;
    const fault = never(seen);
    if (fault !== undefined) throw new Error(`${what}: ${fault}; seen: ${JSON.stringify(seen)}`);
    if (wanted(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${seconds} s; seen last: ${JSON.stringify(seen)}`);
    await sleep(PACE_MS);
  }
}

/** Polls until `work` settles, and returns all states, without repetitions. */
export async function observe<T>(look: () => Promise<T>, work: Promise<unknown>): Promise<T[]> {
  const seen: T[] = [];
  let last = "";
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  done.catch(() => undefined);
  while (!over) {
    const now = await look();
    const text = JSON.stringify(now);
    if (text !== last) seen.push(now);
    last = text;
    await Promise.race([sleep(PACE_MS), done]);
  }
  await done;
  return seen;
}
