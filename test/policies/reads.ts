import { UnknownValueError, type PolicyResource, type ResourceValidationPolicy } from "@pulumi/policy";
import { policies } from "../../policies/pack";
import type { Registration } from "../../preview/monitor";
import { foundationOf, foundations } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";

/** `type path`, with `[]` for list indices. */
export type Property = string;

/** Properties that each rule reads by name, and all properties that the stacks register. */
export interface Reads {
  byRule: ReadonlyMap<string, ReadonlySet<Property>>;
  registered: ReadonlySet<Property>;
}

const secretMark = "4dabf18193072939515e22adb298388d";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/**
 * A proxy that reports each property that is read by name. Iteration over a whole value isn't reported: a search for
 * tokens in every text reads no specific property.
 */
function watched(value: unknown, path: string, tell: (path: string) => void): unknown {
  if (!isObject(value)) return value;
  if (secretMark in value) return watched(value.value, path, tell);
  let walked = false;
  return new Proxy(value, {
    ownKeys: (target) => {
      walked = !Array.isArray(target);
      return Reflect.ownKeys(target);
    },
    get: (target, key, receiver: unknown) => {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || key.startsWith("__") || typeof found === "function") return found;
      const place = Array.isArray(target);
      if (place && key === "length") return found;
      const at = place ? `${path}[]` : path === "" ? key : `${path}.${key}`;
      if (!walked) tell(at);
      return watched(found, walked ? "\0" : at, walked ? () => undefined : tell);
    },
  });
}

/** Properties relevant to security that no rule reads by name, nor the list that contains them. */
export function unreadOf({ byRule, registered }: Reads, words: RegExp): Property[] {
  const read = new Set([...byRule.values()].flatMap((properties) => [...properties]));
  return [...registered]
    .filter(
      (property) => !property.startsWith("plinth:") && words.test(property.slice(property.indexOf(" "))),
    )
    .filter((property) => !read.has(property) && !read.has(property.replace(/\[\]$/, "")))
    .sort();
}

/** Runs every rule on every resource of every stack, and records what it reads. */
export async function recordReads(): Promise<Reads> {
  const byRule = new Map(policies.map(({ name }) => [name, new Set<Property>()]));
  const registered = new Set<Property>();
  const recordings = [
    ...stacks.map(recordingOf),
    ...foundations.map(async (stack) => (await foundationOf(stack)).recording),
  ];
  for (const recording of recordings) {
    const resources = [...(await recording).resources.values()];
    // A resource without new properties shows nothing new about a rule on single resources.
    const fresh = new Set(
      resources.filter(({ type, inputs }) => {
        const before = registered.size;
        for (const path of pathsOf(inputs, "")) registered.add(`${type} ${path}`);
        return registered.size > before;
      }),
    );
    for (const policy of policies) {
      const read = byRule.get(policy.name);
      // Each rule runs by itself, with unique URNs: the pack caches inputs by URN.
      const seen = resources
        .filter((one) => "validateStack" in policy || (fresh.has(one) && appliesTo(policy, one.type)))
        .map((one) =>
          asSeen(
            { ...one, urn: `${one.urn}#${policy.name}` },
            (path) => void read?.add(`${one.type} ${path}`),
          ),
        );
      const calls =
        "validateStack" in policy
          ? [() => policy.validateStack({ ...context, resources: seen } as never, () => undefined)]
          : seen.map((resource) => () => {
              const { validateResource } = policy;
              if (typeof validateResource === "function")
                validateResource({ ...context, ...resource } as never, () => undefined);
            });
      for (const call of calls)
        try {
          void call();
        } catch (error) {
          if (!(error instanceof UnknownValueError) && !(error instanceof NotApplicable)) throw error;
        }
    }
  }
  return { byRule, registered };
}

/** Whether a rule on single resources reads those of a type. */
function appliesTo(
  { validateResource }: Pick<ResourceValidationPolicy, "validateResource">,
  type: string,
): boolean {
  const { __pulumiType: only, appliesTo: applies } = (validateResource ?? {}) as {
    __pulumiType?: string;
    appliesTo?: (type: string) => boolean;
  };
  return (only ?? type) === type && applies?.(type) !== false;
}

class NotApplicable extends Error {}
const context = {
  getConfig: () => ({}),
  stackTags: new Map(),
  notApplicable: () => {
    throw new NotApplicable();
  },
};

function asSeen(
  { urn, type, name, inputs, ...rest }: Registration,
  tell: (path: string) => void,
): PolicyResource {
  const opts = { protect: rest.protect, ignoreChanges: rest.options.ignoreChanges ?? [], aliases: [] };
  const { dependencies, propertyDependencies } = rest;
  const urns = (list: readonly string[]) => list.map((one) => ({ urn: one }));
  return {
    urn,
    type,
    name,
    opts,
    props: watched(inputs, "", tell),
    dependencies: urns(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, list]) => [key, urns(list)]),
    ),
    isType: () => false,
    asType: () => undefined,
  } as unknown as PolicyResource;
}

/** The paths of all scalar values. */
function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (!isObject(value)) return path === "" ? [] : [path];
  if (secretMark in value) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsOf(inner, path === "" ? key : `${path}.${key}`),
  );
}
