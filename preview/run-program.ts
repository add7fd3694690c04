import { setTimeout as delay } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { RecordingMonitor, type OutputsOf, type Registration } from "./monitor";
import { keepPlainObjects } from "./sdk/structs";
import type { WireObject } from "./wire";

/** Options of a run against the recorder. All defaults suit unit tests. */
export interface RunOptions {
  /** Name of the project, as in `Pulumi.yaml`. Default `plinth`. */
  project?: string;
  /** Name of the stack. Default `test`. */
  stack?: string;
  /** Configuration in the engine's form: `namespace:key` → text, objects as JSON. */
  config?: Readonly<Record<string, string>>;
  /** Keys of `config` with secret values. */
  secretKeys?: readonly string[];
  /** Whether each custom resource needs an explicit provider. Default true. */
  requireProvider?: boolean;
  /** Called with each resource as it is registered. */
  onRegistration?: (registration: Registration) => void;
  /** Outputs that stand in for a provider's. Default: they are unknown. */
  outputsOf?: OutputsOf;
  /** Seconds without a registration after which the program counts as stuck. Default 30. */
  stallSeconds?: number;
}

/** The resources and outputs that a program registered. */
export class Recording {
  constructor(
    /** Every resource by its URN, sorted by URN. Includes the stack. */
    readonly resources: ReadonlyMap<string, Registration>,
    /** Exports of the program, with unknowns and secrets marked. */
    readonly outputs: WireObject,
  ) {}

  /** The resources of a type, such as `aws:s3/bucket:Bucket`. */
  ofType(type: string): Registration[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** The only resource with this type and name; throws if there is none, or more than one. */
  one(type: string, name?: string): Registration {
    const found = this.ofType(type).filter((resource) => name === undefined || resource.name === name);
    const [first] = found;
    if (first && found.length === 1) return first;
    const names = this.ofType(type).map((resource) => resource.name);
    throw new Error(`${found.length} resources ${type} ${name ?? ""}; there are: ${names.join(", ")}`);
  }

  /** The resources whose parent is the given one. */
  childrenOf(urn: string): Registration[] {
    return [...this.resources.values()].filter((resource) => resource.parent === urn);
  }
}

/** The program failed, or broke a rule of previews. Not the user's fault. */
export class ProgramError extends Error {
  override name = "ProgramError";
  constructor(
    /** Every fault, as a sentence. */
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super(faults.join("\n"), options);
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi program in preview mode against a recorder: without engine, providers or account.
 *
 * The program creates resources, directly or in promises. Its return value is the stack's outputs; if it is a function,
 * as a module may export one, that is called. Runs in one process wait for each other, since the SDK keeps its state in
 * globals.
 *
 * @throws the program's own error (a `pulumi.RunError` is the user's fault), or {@link ProgramError}
 *   with all faults: a URN registered twice, a function call, a resource without a provider.
 *
 * @example
 * const recording = await previewProgram(() => void new Queue("orders", { depth: 3 }));
 * assert.equal(recording.one("aws:sqs/queue:Queue").protect, true);
 */
export function previewProgram(program: () => unknown, options: RunOptions = {}): Promise<Recording> {
  const result = last.then(() => run(program, options));
  last = result.catch(() => undefined);
  return result;
}

async function run(program: () => unknown, options: RunOptions): Promise<Recording> {
  const [project, stack] = [options.project ?? "plinth", options.stack ?? "test"];
  const watch = new Watch(options.stallSeconds ?? 30);
  const monitor = new RecordingMonitor({
    project,
    stack,
    requireProvider: options.requireProvider ?? true,
    outputsOf: options.outputsOf,
    onRegistration: (registration) => {
      watch.touch();
      options.onRegistration?.(registration);
    },
  });
  await prepare(project, stack, options, monitor);
  const convertAgain = keepPlainObjects();
  try {
    await Promise.race([settle(program), watch.failed]);
  } catch (error) {
    await delay(GRACE);
    throw worst(error, monitor.faults);
  } finally {
    convertAgain();
    watch.stop();
  }
  if (monitor.faults.length > 0) throw new ProgramError(monitor.faults);
  return recordingOf(monitor);
}

/** Resets the SDK's global state to that of a new process. */
async function prepare(
  project: string,
  stack: string,
  { config, secretKeys }: RunOptions,
  monitor: RecordingMonitor,
): Promise<void> {
  // Never called: the recorder replaces the methods that would call them.
  const unused = { newResource: () => ({ id: undefined, state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(unused, project, stack, true);
  const mock: object | undefined = pulumi.runtime.getMonitor();
  if (!mock) throw new Error("the SDK has no monitor after setMocks");
  monitor.attach(mock);
  // Otherwise each resource reads and parses its stack trace for a source position that only an engine uses.
  Object.assign(pulumi.Resource, { stackTrace: () => [] });
  pulumi.runtime.setAllConfig({ ...config }, [...(secretKeys ?? [])]);
}

async function settle(program: () => unknown): Promise<void> {
  await pulumi.runtime.runInPulumiStack(async () => {
    const exported = await program();
    // As in the CLI: a module may export a function, which is called.
    return typeof exported === "function" ? (exported as () => unknown)() : exported;
  });
  await pulumi.runtime.disconnect();
}

function recordingOf(monitor: RecordingMonitor): Recording {
  const byUrn = [...monitor.registrations].sort(([a], [b]) => (a < b ? -1 : 1));
  const root = byUrn.find(([, { type }]) => type === pulumi.runtime.rootPulumiStackTypeName);
  return new Recording(new Map(byUrn), root?.[1].outputs ?? {});
}

/**
 * The error to report for a failed run: the user's own fault if there is one, else the recorder's faults, since any
 * other error is usually a consequence of them.
 */
function worst(error: unknown, faults: readonly string[]): unknown {
  const isUsers = error instanceof Error && pulumi.RunError.isInstance(error);
  return isUsers || faults.length === 0 ? error : new ProgramError(faults, { cause: error });
}

/** Node's events for errors that nothing handles. */
const UNHANDLED = ["unhandledRejection", "uncaughtException"] as const;

/** Milliseconds after a failure in which consequential errors are ignored. */
const GRACE = 50;

/**
 * Detects failures that no promise of the program reports: unhandled rejections (the SDK's when an `apply` throws;
 * resources that depend on the failed one never settle), and a program that is stuck.
 */
class Watch {
  readonly failed: Promise<never>;
  private reject!: (error: unknown) => void;
  private timer: NodeJS.Timeout;
  private readonly others = UNHANDLED.map((event) => process.listeners(event as "unhandledRejection"));
  private readonly onRejection = (error: unknown): void => this.reject(error);

  constructor(private readonly stallSeconds: number) {
    this.failed = new Promise((_, reject) => (this.reject = reject));
    this.failed.catch(() => undefined);
    // A test runner's own listener would end the run before the faults are collected.
    for (const event of UNHANDLED) {
      process.removeAllListeners(event);
      process.on(event, this.onRejection);
    }
    this.timer = this.start();
  }

  touch(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const [index, event] of UNHANDLED.entries()) {
      process.removeListener(event, this.onRejection);
      this.others[index]?.forEach((listener) => process.on(event as "unhandledRejection", listener));
    }
  }

  private start(): NodeJS.Timeout {
    const stuck = `nothing happened for ${this.stallSeconds} s: two resources wait for each other, or for a promise that never settles`;
    return setTimeout(() => this.reject(new ProgramError([stuck])), this.stallSeconds * 1000);
  }
}
