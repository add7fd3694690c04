import { spawn, type ChildProcess } from "node:child_process";

/** Result of a program. */
export interface Ended {
  readonly ok: boolean;
  /** Whether it timed out. */
  readonly stopped: boolean;
  /** Its output on both streams. If it was stopped, the last line says so. */
  readonly output: string;
}

/**
 * Timeout of one program in minutes. The slowest, the tests of a change, takes one minute on an idle machine and much
 * longer on a busy one, so only a program that hangs reaches it.
 */
export const MINUTES = 10;

/** Time between SIGTERM and SIGKILL, in milliseconds: so that a browser or a database that a test started can stop. */
const GRACE = 10_000;

const running = new Set<ChildProcess>();

/**
 * Runs Node in a process group of its own. A program that does not end in time is stopped with the whole group; whatever
 * it started outside the group may keep its streams open, so they are closed too.
 */
export function runNode(
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
  minutes = MINUTES,
): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  let stopped = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const timers = [
    setTimeout(() => {
      stopped = true;
      output += `\ndid not end within ${minutes} minutes, and was stopped`;
      signal(child, "SIGTERM");
    }, minutes * 60_000),
    setTimeout(
      () => {
        signal(child, "SIGKILL");
        child.stdout.destroy();
        child.stderr.destroy();
      },
      minutes * 60_000 + GRACE,
    ),
  ];
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      timers.forEach(clearTimeout);
      running.delete(child);
      resolve({ ok: code === 0, stopped, output });
    });
  });
}

/** Stops running programs when the caller is interrupted. */
export function stopAll(): void {
  for (const child of running) signal(child, "SIGTERM");
}

function signal({ pid }: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The group has already ended.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
