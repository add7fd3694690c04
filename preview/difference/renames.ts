import type { Alias } from "../options";
import type { PlannedResource } from "../report/json";
import { changesOf } from "./changes";
import { replaces, replacingPaths } from "./replacing";
import { isStateful } from "./stateful";

/** A deleted resource or component, and a similar new one: probably the same with another URN. */
export interface Rename {
  type: string;
  from: string;
  to: string;
  /** The alias that keeps it, as an entry of the option `aliases`. */
  alias: Exclude<Alias, string>;
  /** Resources that the alias would keep, those of a component included. */
  keeps: number;
  /** Stateful ones among them. */
  keepsStateful: number;
  /** Resources that would still be replaced, since their physical names change. */
  replaces: number;
  /** `deleted <URN>` and `added <URN>` of what it is about. Not part of the document. */
  members: ReadonlySet<string>;
}

interface Sides {
  olds: ReadonlyMap<string, PlannedResource>;
  news: ReadonlyMap<string, PlannedResource>;
  /** URN before → URN now, of what is in both. */
  nowOf: ReadonlyMap<string, string>;
}

/** Minimum similarity of two resources. */
const ALIKE = 0.6;

/** The most similar pairs of deleted and new resources, components before their children. */
export function renamesOf(
  deleted: readonly PlannedResource[],
  added: readonly PlannedResource[],
  sides: Sides,
): Rename[] {
  const [below, above] = [childrenOf(sides.olds), childrenOf(sides.news)];
  const taken = new Set<string>();
  const found: Rename[] = [];
  const goneUrns = new Set(deleted.map(({ urn }) => urn));
  const depth = ({ urn }: PlannedResource) => urn.split("$").length;
  for (const now of [...added].sort((a, b) => depth(a) - depth(b))) {
    if (taken.has(now.urn)) continue;
    const candidates = deleted
      .filter((old) => old.type === now.type && !taken.has(old.urn))
      .map((old) => ({ old, pairs: pairsOf(old, now, below, above), score: 0 }))
      .map((each) => ({ ...each, score: score(each.old, now, each.pairs, below, above) }))
      .filter((each) => each.score >= ALIKE)
      .sort((a, b) => b.score - a.score);
    const [best, next] = candidates;
    // Several are equally similar, so it isn't known which one it was.
    if (best === undefined || (next !== undefined && next.score === best.score)) continue;
    const members = new Set<string>();
    let [keeps, keepsStateful, replaced] = [0, 0, 0];
    for (const [old, other] of best.pairs) {
      if (!goneUrns.has(old.urn)) continue;
      taken.add(old.urn).add(other.urn);
      members.add(`deleted ${old.urn}`).add(`added ${other.urn}`);
      if (!old.custom) continue;
      const stays = !changesOf(old.inputs, other.inputs, (path) =>
        replaces(path, replacingPaths(other)),
      ).some((change) => change.replaces);
      if (stays) keeps++;
      else replaced++;
      if (stays && isStateful(old)) keepsStateful++;
    }
    found.push({
      type: now.type,
      from: best.old.urn,
      to: now.urn,
      members,
      alias: aliasOf(best.old, now, sides),
      keeps,
      keepsStateful,
      replaces: replaced,
    });
  }
  return found;
}

type Children = ReadonlyMap<string, readonly PlannedResource[]>;

function childrenOf(all: ReadonlyMap<string, PlannedResource>): Children {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of all.values()) {
    const siblings = children.get(resource.parent ?? "");
    if (siblings === undefined) children.set(resource.parent ?? "", [resource]);
    else siblings.push(resource);
  }
  return children;
}

function below(top: PlannedResource, children: Children): PlannedResource[] {
  return (children.get(top.urn) ?? []).flatMap((child) => [child, ...below(child, children)]);
}

/** The two themselves, and those below them that have the same place: type, and name after that of the top. */
function pairsOf(
  old: PlannedResource,
  now: PlannedResource,
  olds: Children,
  news: Children,
): [PlannedResource, PlannedResource][] {
  const place = (top: PlannedResource, { type, name }: PlannedResource) =>
    `${type} ${name.startsWith(top.name) ? name.slice(top.name.length) : name}`;
  const there = new Map(below(now, news).map((each) => [place(now, each), each]));
  const pairs = below(old, olds).flatMap((each): [PlannedResource, PlannedResource][] => {
    const other = there.get(place(old, each));
    return other === undefined ? [] : [[each, other]];
  });
  return [[old, now], ...pairs];
}

/** From 0 to 1: how much of the larger of the two is also in the other. */
function score(
  old: PlannedResource,
  now: PlannedResource,
  pairs: readonly [PlannedResource, PlannedResource][],
  olds: Children,
  news: Children,
): number {
  if (old.custom) {
    const size = Math.max(leaves(old.inputs), leaves(now.inputs));
    // Resources without inputs differ only by name.
    if (size === 0) return old.name === now.name ? 1 : 0;
    return 1 - changesOf(old.inputs, now.inputs, () => false).length / size;
  }
  const size = Math.max(below(old, olds).length, below(now, news).length);
  if (size === 0) return old.name === now.name ? 1 : 0;
  return (pairs.length - 1) / size;
}

function leaves(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + leaves(inner), 0);
}

function aliasOf(old: PlannedResource, now: PlannedResource, { nowOf }: Sides): Rename["alias"] {
  const parent = old.parent === null ? null : (nowOf.get(old.parent) ?? old.parent);
  return {
    ...(old.name === now.name ? {} : { name: old.name }),
    ...(parent === now.parent || old.parent === null ? {} : { parent: old.parent }),
  };
}
