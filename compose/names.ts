import type { SystemSpec } from "../systems/spec";
import { storeReferences } from "../components/system/wiring";

/** Upper case, with `_` for all that isn't a letter or a digit. */
export const upper = (...parts: readonly string[]): string =>
  parts
    .join("_")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .toUpperCase();

/** Stands in the file for the value of a variable of `.env`; Compose refuses to go on without it. */
export const given = (variable: string): string => `\${${variable}:?see .env.example}`;

/** What local names become in the file: in a file of several systems each has its system's name before it. */
export class Names {
  /** @param prefix the system's name in a file of several systems; empty: the file is the system's own */
  constructor(private readonly prefix: string) {}

  /** A service, volume or config. */
  of(local: string): string {
    return this.prefix === "" ? local : `${this.prefix}-${local}`;
  }

  /** A variable of `.env`. */
  variable(local: string): string {
    return this.prefix === "" ? local : upper(this.prefix, local);
  }

  /** Stands in the file for the value of a variable of `.env`. */
  value(local: string): string {
    return given(this.variable(local));
  }
}

/**
 * Variable of `.env` for a property of a store: the one by which a workload is given it, as the documents' own
 * `JWT_SECRET` and `DB_PASSWORD`, else the store's name and the property's.
 */
export function variableOf(spec: SystemSpec, store: string, property: string): string {
  const given = Object.values(spec.workloads)
    .flatMap(storeReferences)
    .find((reference) => reference.store === store && reference.output === property);
  return given?.variable ?? upper(store, property);
}

/** A value for this machine: says so, and can be no generated secret, since those have no `_`. */
export const localValue = (...parts: readonly string[]): string =>
  ["local", ...parts]
    .join("_")
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .toLowerCase();
