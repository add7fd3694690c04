/** Kinds of changes. */
export type Kind =
  | "flip"
  | "weaken"
  | "remove"
  | "zero"
  | "multiply"
  | "widen"
  | "move"
  | "disclose"
  | "drop";

export type Value = unknown;
export type Keys = (string | number)[];

/** Adds a mutation of the property at a path. */
export type Add = (kind: Kind, path: Keys, change: string, value: Value) => void;
