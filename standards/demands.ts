import type { Test } from "./tests";

/**
 * "This property must be X": a path (`[]` for each item of a list, `\.` for a dot in a key) and what its value must be.
 */
export interface Demand {
  path: string;
  test: Test;
  /** Asked only where another property, by its path, passes a test. */
  where?: { path: string; test: Test };
  /** Of a container: what it doesn't say itself, its pod says for all containers under the same path. */
  orPod?: true;
}

/** Demands by the name of the rule that makes them. */
export type Standard = Readonly<Record<string, readonly Demand[]>>;

/** A part of a path: a key, and whether each item of the list under it is meant. */
export interface Part {
  readonly key: string;
  readonly list: boolean;
}

const known = new Map<string, readonly Part[]>();

/** The parts of a path. Each path is read once: rules ask for the same ones of every resource. */
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
