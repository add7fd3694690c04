import type { PlannedResource } from "../../preview/report/json";
import { mask } from "./mask";
import type { Note } from "./providers/service";
import { isObject, mapValues, UNKNOWN, type Values } from "./providers/wire";

/**
 * One resource of a new stack, in the form in which the offline preview and the engine are compared: secrets read
 * `[secret]`, unknowns `[unknown]`, lists of URNs are sorted, what is at its default is left out.
 */
export interface Planned {
  urn: string;
  custom: boolean;
  protect: boolean;
  parent?: string;
  /** URN of the provider. */
  provider?: string;
  dependencies?: string[];
  inputs: Values;
  options: Values;
}

/** A resource as the engine's preview prints it. */
interface EngineState {
  urn: string;
  type: string;
  custom: boolean;
  parent?: string;
  protect?: boolean;
  provider?: string;
  dependencies?: string[];
  inputs?: Values;
  propertyDependencies?: Record<string, string[]>;
  additionalSecretOutputs?: string[];
  customTimeouts?: Record<string, number>;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  replaceWith?: string[];
  retainOnDelete?: boolean;
  deletedWith?: string;
}

/** A resource as `npm run preview -- <stack> --json` prints it. */
export interface OfflineResource extends Omit<PlannedResource, "inputs" | "options"> {
  inputs: Values;
  options: Values & { aliases?: Alias[]; customTimeouts?: Record<string, string> };
}

/** An alias as the program gives it: a URN, or the parts in which it differs. */
export type Alias =
  | string
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent?: true };

/** The options that the engine keeps, and so can report. It uses up aliases and the like at once. */
const kept = [
  "additionalSecretOutputs",
  "ignoreChanges",
  "replaceOnChanges",
  "replaceWith",
  "retainOnDelete",
  "deletedWith",
] as const;

/**
 * What the engine received, out of its own preview of a new stack.
 *
 * The preview prints inputs after the providers' check, so what the providers were asked to check stands for them
 * where there is such a note. A provider that isn't known before `up` isn't asked, and then nothing was changed. A name
 * that a provider made up is known to the engine alone, and different each time: it reads as unknown.
 */
export function planOfEngine(
  preview: { steps: { newState?: EngineState }[] },
  notes: readonly Note[],
): Planned[] {
  const checked = new Map(
    notes.flatMap((note) => (note.note === "check" ? [[note.urn, note.news] as const] : [])),
  );
  const names = notes.flatMap((note) => (note.note === "name" ? [note.name] : []));
  const forget = (value: unknown): unknown => {
    if (typeof value === "string") return names.some((name) => value.includes(name)) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map(forget);
    return isObject(value) ? mapValues(value, forget) : value;
  };
  return preview.steps.flatMap(({ newState: state }) => {
    if (state === undefined) return [];
    const options = {
      ...pick(state, kept),
      propertyDependencies: filled(state.propertyDependencies),
      customTimeouts: state.customTimeouts,
    };
    return [tidy(state, forget(checked.get(state.urn) ?? state.inputs ?? {}) as Values, options)];
  });
}

/** What the offline preview says that the engine would receive. */
export function planOfPreview(resources: readonly OfflineResource[]): Planned[] {
  return resources.map((resource) => {
    const { customTimeouts, propertyDependencies } = resource.options;
    const options = {
      ...pick(resource.options, kept),
      propertyDependencies: filled(propertyDependencies as Record<string, string[]> | undefined),
      customTimeouts: customTimeouts === undefined ? undefined : mapValues(customTimeouts, seconds),
    };
    return tidy(resource, resource.inputs, options);
  });
}

type Raw = Pick<EngineState, "urn" | "type" | "custom" | "protect" | "dependencies"> & {
  parent?: string | null;
  provider?: string | null;
};

function tidy(raw: Raw, inputs: Values, options: Values): Planned {
  const { urn, type, custom, protect, parent, provider, dependencies } = raw;
  return {
    urn,
    custom,
    protect: protect ?? false,
    ...compact({
      parent,
      provider: provider?.split("::").slice(0, 4).join("::"),
      dependencies: sortLists(dependencies ?? []),
    }),
    inputs: mask(type.startsWith("pulumi:providers:") ? sent(inputs) : inputs) as Values,
    options: compact(mapValues(options, sortLists)),
  };
}

/** A provider's inputs as the program sends them: the engine adds its version and a place for its own notes. */
function sent(inputs: Values): Values {
  return Object.fromEntries(
    Object.entries(inputs).filter(([key]) => key !== "version" && key !== "__internal"),
  );
}

const sortLists = (value: unknown): unknown => {
  if (Array.isArray(value)) return [...(value as unknown[])].sort();
  return isObject(value) ? mapValues(value, sortLists) : value;
};

const filled = (lists: Record<string, string[]> | undefined) =>
  Object.fromEntries(Object.entries(lists ?? {}).filter(([, list]) => list.length > 0));

const isDefault = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

const compact = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isDefault(value)));

function pick(values: object, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

/** The URN that an alias stands for. */
export function aliasUrn(
  alias: Alias,
  { urn, name, type, parent }: Pick<OfflineResource, "urn" | "name" | "type" | "parent">,
): string {
  if (typeof alias === "string") return alias;
  const [, , stack = "", project = ""] = urn.split(/::|:/);
  const above = alias.noParent === true ? undefined : (alias.parent ?? parent ?? undefined);
  const parentType = above?.split("::")[2];
  const own = alias.type ?? type;
  const chain =
    parentType === undefined || parentType === "pulumi:pulumi:Stack" ? own : `${parentType}$${own}`;
  return `urn:pulumi:${alias.stack ?? stack}::${alias.project ?? project}::${chain}::${alias.name ?? name}`;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A duration such as `1h30m` in seconds, as the engine keeps it. */
function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(s|m|h)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
}
