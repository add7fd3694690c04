/* While a preview runs, skips work of the SDK for debuggers and for outputs that are never read. Only this file depends
   on internals of the SDK. It changes nothing in an untested version of the SDK, and the engine never loads it. */

import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/pulumi/version";

import type { SpeedUp } from "../cli";
import { copyPlain } from "./copy-plain";

/* The SDK's functions call each other as properties of their modules; an `import` would only copy them. */
/* oxlint-disable typescript/no-require-imports */
import debuggable = require("@pulumi/pulumi/runtime/debuggable");
import rpc = require("@pulumi/pulumi/runtime/rpc");
/* eslint-enable */

/** The SDK version that was tested: plans are the same with and without this file. */
const TESTED = "3.248.0";

const steps: Record<Exclude<SpeedUp, "code">, () => void> = { promises, outputs, inputs };

/**
 * Speeds up the SDK for the rest of the process, except for the steps in `without`. If it doesn't, returns why.
 */
export function speedUp(without: ReadonlySet<string>): string | undefined {
  if (version !== TESTED)
    return `@pulumi/pulumi is ${version}, but preview/sdk/speed.ts was only tested with ${TESTED}: the SDK runs unchanged`;
  for (const [name, step] of Object.entries(steps)) if (!without.has(name)) step();
  return undefined;
}

/** The SDK keeps every promise and its stack trace, to report at exit which ones never settled. */
function promises(): void {
  Object.assign(debuggable, { debuggablePromise: (promise: Promise<unknown>) => promise });
}

type Outcome =
  | { readonly error: Error }
  | { readonly value: unknown; readonly isKnown: boolean; readonly isSecret: boolean; readonly deps: Deps };
type Deps = pulumi.Resource[];
type Resolver = (value: unknown, isKnown: boolean, isSecret: boolean, deps?: Deps, error?: Error) => void;

/** What a resource holds of a property: nothing, its outcome, or the Output that was read and what settles it. */
type Held =
  | Outcome
  | { readonly output: unknown; settle: ((outcome: Outcome) => void) | undefined }
  | undefined;

/** Key of what a resource holds of its properties. */
const HELD = Symbol("properties");
interface Holder {
  readonly [HELD]: Record<string, Held>;
}

/**
 * The SDK creates an Output for each property of each resource; here it is created on first access. All resources share
 * one accessor a property's name: most of their memory were closures.
 */
function outputs(): void {
  const accessors = new Map<string, PropertyDescriptor>();
  Object.assign(rpc, {
    transferProperties(onto: object, label: string, props: object): Record<string, Resolver> {
      const held: Record<string, Held> = {};
      Object.defineProperty(onto, HELD, { value: held });
      const resolvers: Record<string, Resolver> = {};
      for (const key of Object.keys(props)) {
        if (key === "id" || key === "urn") continue;
        if (Object.hasOwn(onto, key))
          throw new Error(`Property '${key}' is already initialized on target '${label}`);
        const accessor = accessors.get(key) ?? accessorOf(key);
        accessors.set(key, accessor);
        Object.defineProperty(onto, key, accessor);
        resolvers[key] = resolver(held, key);
      }
      return resolvers;
    },
  });
}

const accessorOf = (key: string): PropertyDescriptor & ThisType<Holder> => ({
  enumerable: true,
  configurable: true,
  get() {
    const held = this[HELD][key];
    if (held !== undefined && "output" in held) return held.output;
    let settle: ((outcome: Outcome) => void) | undefined;
    const settled =
      held === undefined ? new Promise<Outcome>((resolve) => (settle = resolve)) : Promise.resolve(held);
    const output = outputOf(this, settled);
    this[HELD][key] = { output, settle };
    return output;
  },
  set(value) {
    Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
  },
});

const resolver =
  (held: Record<string, Held>, key: string): Resolver =>
  (value, isKnown, isSecret, deps = [], error) => {
    const outcome = error === undefined ? { value, isKnown, isSecret, deps } : { error };
    const was = held[key];
    if (was === undefined || !("output" in was)) held[key] = outcome;
    else {
      was.settle?.(outcome);
      was.settle = undefined;
    }
  };

/** An Output like the SDK's, from parts that settle together. */
function outputOf(resource: unknown, settled: Promise<Outcome>): unknown {
  const part = <T>(read: (good: Extract<Outcome, { value: unknown }>) => T): Promise<T> =>
    settled.then((outcome) => {
      if ("error" in outcome) throw outcome.error;
      return read(outcome);
    });
  const OutputImpl = pulumi.Output as unknown as new (...parts: unknown[]) => unknown;
  return new OutputImpl(
    resource,
    part(({ value }) => value),
    part(({ isKnown }) => isKnown),
    part(({ isSecret }) => isSecret),
    part(({ deps }) => deps),
  );
}

type Serialize = typeof rpc.serializeProperty;
type Options = Parameters<Serialize>[3];
type Dependencies = Set<pulumi.Resource>;

/** The SDK awaits every value in a resource's inputs; this only awaits those that are asynchronous. */
function inputs(): void {
  const sdk: Serialize = rpc.serializeProperty.bind(rpc);
  Object.assign(rpc, {
    async serializeResourceProperties(label: string, props: Record<string, unknown>, options: Options) {
      const result: Record<string, unknown> = {};
      const dependencies = new Map<string, Dependencies>();
      for (const key of Object.keys(props)) {
        if (key === "id" || key === "urn") continue;
        const own: Dependencies = new Set();
        const value = await serialize(sdk, `${label}.${key}`, props[key], own, options).catch(named(key));
        if (value === undefined) continue;
        result[key] = value;
        dependencies.set(key, own);
      }
      return [result, dependencies];
    },
  });
}

/** Adds the property's name to an error and passes on the same error object, as the SDK does. */
const named = (key: string) => (error: unknown) => {
  const prefix = `error serializing property "${key}": `;
  if (!(error instanceof Error)) throw new Error(`${prefix}${String(error)}`);
  error.message = `${prefix}${error.message}`;
  throw error;
};

/** Settles when a value in the inputs is set. */
type Wait = Promise<void>;

/** Copies plain values in one pass, and serializes all others with the SDK. */
async function serialize(
  sdk: Serialize,
  context: string,
  property: unknown,
  dependencies: Dependencies,
  options: Options,
): Promise<unknown> {
  const waits: Wait[] = [];
  const holder: { value?: unknown } = {};
  const wait = (place: string, value: unknown, put: (value: unknown) => void) =>
    void waits.push(sdk(place, value, dependencies, options).then(put));
  copyPlain(context, property, (value) => (holder.value = value), wait);
  await Promise.all(waits);
  return holder.value;
}
