import type { Test } from "./tests";

/**
 * "This property must be X": a path (`[]` for each item of a list, `\.` for a dot in a key) and what its value must be.
 */
export interface Demand {
  path: string;
  test: Test;
  /** Only applies if another property, by its path, passes a test. */
  where?: { path: string; test: Test };
  /** For a container: if it doesn't set the value, its pod's value at the same path counts. */
  orPod?: true;
}

/** Demands by the name of their policy. */
export type Standard = Readonly<Record<string, readonly Demand[]>>;

/** A part of a path: a key, and whether it means each item of its list. */
export interface Part {
  readonly key: string;
  readonly list: boolean;
}

const known = new Map<string, readonly Part[]>();

/** The parts of a path. Cached, because policies use the same paths for every resource. */
export function partsOf(path: string): readonly Part[] {
  let parts = known.get(path);
  if (parts === undefined) {
    parts = [...path.matchAll(/((?:\\.|[^.[\]])+)(\[\])?/g)].map(([, key = "", list]) => ({
      key: key.replaceAll("\\", ""),
      list: list !== undefined,
    }));
    known.set(path, parts);
  }
  return parts;
}
