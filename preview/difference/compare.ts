import type { Finding, Plan, PlannedResource } from "../report/json";
import { holdsUnknownText, type WireObject } from "../wire";
import { changesOf, type Change } from "./changes";
import { formerUrns } from "./identity";
import { renamesOf, type Rename } from "./renames";
import { replaces, replacingPaths, valueAt } from "./replacing";
import { isStateful } from "./stateful";

export type Action = "replaced" | "deleted" | "added" | "changed";

/** One resource that differs. */
export interface Row {
  action: Action;
  /** URN in the new plan; of a deleted resource, its URN before. */
  urn: string;
  type: string;
  name: string;
  /** Name of the component that it is in. */
  component: string;
  /** Its data is lost: it is stateful, and is replaced or deleted. */
  loses: boolean;
  /** Pulumi refuses to delete it until `protect` is removed. */
  protect: boolean;
  changes: Change[];
  /** URN of what it refers to, whose replacement replaces it, too. */
  because?: string;
  /** It would be kept with an alias: index of the rename in the difference. */
  rename?: number;
}

/** Changes of one plan against another. */
export interface Difference {
  rows: Row[];
  renames: Rename[];
  /** New findings, mandatory ones first. */
  newFindings: Finding[];
  /** Findings that no longer exist. */
  oldFindings: Finding[];
}

/**
 * The difference of two plans of one stack. It has no state: it shows the effect of deploying the new plan where the
 * old one is deployed unchanged.
 */
export function compare(before: Plan, after: Plan): Difference {
  const [olds, news] = [byUrn(before), byUrn(after)];
  const former = formerUrns(news);
  const wasOf = new Map<string, string>();
  for (const resource of after.resources) {
    const was = former(resource).find((urn) => olds.has(urn));
    if (was !== undefined) wasOf.set(resource.urn, was);
  }
  const kept = new Set(wasOf.values());
  const added = after.resources.filter(({ urn }) => !wasOf.has(urn));
  const deleted = before.resources.filter(({ urn }) => !kept.has(urn));
  const nowOf = new Map([...wasOf].map(([now, was]) => [was, now]));
  const renames = renamesOf(deleted, added, { olds, news, nowOf });

  const rows = new Map<string, Row>();
  for (const resource of after.resources) {
    const old = olds.get(wasOf.get(resource.urn) ?? "");
    if (old === undefined) continue;
    const changes = changesBetween(old, resource, news, nowOf);
    if (changes.length === 0) continue;
    const replaced = changes.some((change) => change.replaces);
    rows.set(resource.urn, row(replaced ? "replaced" : "changed", resource, news, changes, old));
  }
  spread(rows, after.resources, { olds, news, wasOf });
  const others = [
    ...deleted.map((resource) => row("deleted", resource, olds, [])),
    ...added.map((resource) => row("added", resource, news, [])),
  ];
  const all = [...others, ...rows.values()].filter(({ urn }) => (news.get(urn) ?? olds.get(urn))?.custom);
  for (const [index, { members }] of renames.entries())
    for (const each of all) if (members.has(`${each.action} ${each.urn}`)) each.rename = index;
  const key = ({ policy, urn }: Finding, of: ReadonlyMap<string, string>) =>
    `${policy} ${of.get(urn) ?? urn}`;
  const [known, left] = [
    new Set(before.violations.map((finding) => key(finding, new Map()))),
    new Set(after.violations.map((finding) => key(finding, wasOf))),
  ];
  return {
    rows: all.sort(byWeight),
    renames,
    newFindings: after.violations.filter((finding) => !known.has(key(finding, wasOf))),
    oldFindings: before.violations.filter((finding) => !left.has(key(finding, new Map()))),
  };
}

const byUrn = ({ resources }: Plan) => new Map(resources.map((resource) => [resource.urn, resource]));

const ORDER: readonly Action[] = ["replaced", "deleted", "changed", "added"];

/** Resources that lose data first, then by action and URN. */
const byWeight = (a: Row, b: Row) =>
  Number(b.loses) - Number(a.loses) ||
  ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
  (a.urn < b.urn ? -1 : 1);

function row(
  action: Action,
  resource: PlannedResource,
  all: ReadonlyMap<string, PlannedResource>,
  changes: Change[],
  old: PlannedResource = resource,
): Row {
  const { urn, type, name, parent } = resource;
  const goes = action === "replaced" || action === "deleted";
  return {
    action,
    urn,
    type,
    name,
    changes,
    component: all.get(parent ?? "")?.name ?? "",
    loses: goes && isStateful(old) && old.options.retainOnDelete !== true,
    protect: old.protect,
  };
}

/** Options that affect a resource's lifecycle, which are shown with its inputs. */
const OPTIONS = ["retainOnDelete", "deleteBeforeReplace", "ignoreChanges", "customTimeouts"] as const;

/** The inputs and options of a resource that differ, and those that refer to another resource than before. */
function changesBetween(
  old: PlannedResource,
  now: PlannedResource,
  news: ReadonlyMap<string, PlannedResource>,
  nowOf: ReadonlyMap<string, string>,
): Change[] {
  const replacing = replacingPaths(now, providerOf(now, news)?.inputs, old.inputs);
  const ignored = now.options.ignoreChanges ?? [];
  const found = changesOf(old.inputs, now.inputs, (path) => replaces(path, replacing)).filter(
    ({ path }) => !replaces(path, ignored),
  );
  const seen = new Set(found.map(({ path }) => path.split(/[.[]/)[0]));
  for (const [property, urns] of Object.entries(now.options.propertyDependencies ?? {})) {
    const before = old.options.propertyDependencies?.[property]?.map((urn) => nowOf.get(urn) ?? urn).sort();
    const same = JSON.stringify(before) === JSON.stringify([...urns].sort());
    if (same || before === undefined || seen.has(property) || replaces(property, ignored)) continue;
    if (!holdsUnknownText(now.inputs[property])) continue;
    found.push({
      path: property,
      before: names(before),
      after: names(urns),
      replaces: replaces(property, replacing),
    });
  }
  const options = (resource: PlannedResource) =>
    ({
      protect: resource.protect,
      ...Object.fromEntries(
        OPTIONS.flatMap((key) => (resource.options[key] === undefined ? [] : [[key, resource.options[key]]])),
      ),
    }) as WireObject;
  const ofOptions = changesOf(options(old), options(now), () => false);
  return [...found, ...ofOptions.map((change) => ({ ...change, path: `option ${change.path}` }))];
}

const names = (urns: readonly string[]) => urns.map((urn) => urn.split("::").at(-1)).join(", ");

const providerOf = ({ provider }: PlannedResource, all: ReadonlyMap<string, PlannedResource>) =>
  provider === null ? undefined : all.get(provider.replace(/::[^:]*$/, ""));

interface Sides {
  olds: ReadonlyMap<string, PlannedResource>;
  news: ReadonlyMap<string, PlannedResource>;
  wasOf: ReadonlyMap<string, string>;
}

/**
 * Also replaces resources that refer to an unknown output of a replaced resource in an input whose change replaces
 * them, and all resources of a replaced provider, as the engine does.
 */
function spread(
  rows: Map<string, Row>,
  resources: readonly PlannedResource[],
  { olds, news, wasOf }: Sides,
): void {
  const replaced = new Set(
    [...rows.values()].flatMap(({ action, urn }) => (action === "replaced" ? [urn] : [])),
  );
  for (let size = -1; size !== replaced.size;) {
    size = replaced.size;
    for (const resource of resources) {
      const old = olds.get(wasOf.get(resource.urn) ?? "");
      if (old === undefined || replaced.has(resource.urn)) continue;
      const cause = causeOf(resource, replaced, news);
      if (cause === undefined) continue;
      replaced.add(resource.urn);
      const changes = rows.get(resource.urn)?.changes ?? [];
      rows.set(resource.urn, { ...row("replaced", resource, news, changes, old), because: cause });
    }
  }
}

function causeOf(
  resource: PlannedResource,
  replaced: ReadonlySet<string>,
  news: ReadonlyMap<string, PlannedResource>,
): string | undefined {
  const provider = providerOf(resource, news);
  if (provider !== undefined && replaced.has(provider.urn)) return provider.urn;
  const paths = replacingPaths(resource, provider?.inputs).filter((path) =>
    holdsUnknownText(valueAt(resource.inputs, path)),
  );
  for (const path of paths) {
    const urns = resource.options.propertyDependencies?.[path.split(".")[0] ?? ""] ?? [];
    const cause = urns.find((urn) => replaced.has(urn));
    if (cause !== undefined) return cause;
  }
  return undefined;
}
