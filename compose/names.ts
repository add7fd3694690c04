import type { SystemSpec } from "../systems/spec";
import { storeReferences } from "../components/system/wiring";

/** Upper case, with `_` instead of any character that isn't a letter or digit. */
export const upper = (...parts: readonly string[]): string =>
  parts
    .join("_")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .toUpperCase();

/** Reference to a variable of `.env`; Compose stops with an error if it is missing. */
export const given = (variable: string): string => `\${${variable}:?see .env.example}`;

/** Maps local names to names in the file: in a file of several systems they get the system's name as a prefix. */
export class Names {
  /** @param prefix the system's name in a file of several systems; empty in the file of one system */
  constructor(private readonly prefix: string) {}

  /** A service, volume or config. */
  of(local: string): string {
    return this.prefix === "" ? local : `${this.prefix}-${local}`;
  }

  /** A variable of `.env`. */
  variable(local: string): string {
    return this.prefix === "" ? local : upper(this.prefix, local);
  }

  /** Reference to the value of a variable of `.env`. */
  value(local: string): string {
    return given(this.variable(local));
  }
}

/**
 * Variable of `.env` for a property of a store: the name of the workload's variable that holds it, such as `JWT_SECRET`
 * in the documents, else the store's name and the property's.
 */
export function variableOf(spec: SystemSpec, store: string, property: string): string {
  const given = Object.values(spec.workloads)
    .flatMap(storeReferences)
    .find((reference) => reference.store === store && reference.output === property);
  return given?.variable ?? upper(store, property);
}

/** A recognizable value for local use. Generated secrets have no `_`, so it can't be one. */
export const localValue = (...parts: readonly string[]): string =>
  ["local", ...parts]
    .join("_")
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .toLowerCase();
