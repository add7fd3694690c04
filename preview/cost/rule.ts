import type { PlannedResource } from "../report/json";
import type { Usage } from "./usage";

/** A price, and its calculation. */
export interface Priced {
  readonly usd: number;
  readonly assumption: string;
}

/** Arguments of a rule: a resource and its context. */
export interface Asked {
  readonly inputs: PlannedResource["inputs"];
  readonly resource: PlannedResource;
  /** Every resource of the plan. */
  readonly all: readonly PlannedResource[];
  /** The list price with this key. */
  readonly price: (key: string) => number;
  readonly usage: Usage;
}

/** Prices of a resource: none, one, or one of each of its parts. */
export type Rule = (asked: Asked) => Priced[];

/** A price alone. */
export const one = (usd: number, assumption: string): Priced[] => [{ usd, assumption }];
/** Inputs of a plan; a default stands for values that are missing or unknown. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const number = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
export const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
