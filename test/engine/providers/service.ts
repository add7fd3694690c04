import type { Provider } from "@pulumi/pulumi/provider";
import { AsyncLocalStorage } from "node:async_hooks";
import type { Cloud } from "./cloud";
import type { Change } from "./diff";
import type { Failure } from "./rule";
import type { PackageSchema } from "./schema";
import type { Values } from "./wire";

/**
 * What a provider process writes down for the test: what it was asked to check, the names that it made up, and what it
 * found different.
 */
export type Note =
  | { note: "check"; urn: string; news: Values }
  | { note: "name"; urn: string; name: string }
  | { note: "changes"; urn: string; changes: Change[] };

/** What a provider works with. */
export interface Surroundings {
  cloud: Cloud;
  schema: PackageSchema;
  write: (note: Note) => void;
}

/** An in-memory provider: the SDK's, with what its server leaves out. */
export interface Service extends Provider {
  /** Takes the provider's own inputs, once they are all known. Throws what a person should read. */
  configure(args: Values): void;
  /** Refusals of the provider's own inputs. */
  checkConfig(args: Values): Failure[];
  /** Whether a change of one of the provider's own inputs replaces it, and with it everything that it made. */
  replacesConfig(key: string, args: Values): boolean;
}

/** What the SDK's server knows of a request and doesn't pass to the provider. */
export interface Request {
  /** Nothing may be made or changed: the engine asks what would be. */
  preview: boolean;
  /** What the program gave last time. */
  oldInputs: Values;
}

const requests = new AsyncLocalStorage<Request>();

/** The request that is being answered. */
export function request(): Request {
  return requests.getStore() ?? { preview: false, oldInputs: {} };
}

/** Runs the answer to one request. */
export function answering<T>(asked: Request, answer: () => T): T {
  return requests.run(asked, answer);
}

const part = (urn: string, index: number) => urn.split("::")[index] ?? "";

/** `aws:ec2/vpc:Vpc` of a URN. */
export const typeOf = (urn: string) => part(urn, 2).split("$").at(-1) ?? "";

/** A resource's own name in a URN. */
export const nameOf = (urn: string) => urn.split("::").slice(3).join("::");
