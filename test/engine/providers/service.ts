import type { Provider } from "@pulumi/pulumi/provider";
import { AsyncLocalStorage } from "node:async_hooks";
import type { Cloud } from "./cloud";
import type { Change } from "./diff";
import type { Failure } from "./rule";
import type { PackageSchema } from "./schema";
import type { Values } from "./wire";

/** Notes of a provider process for the test: inputs before the check, generated names, and differences. */
export type Note =
  | { note: "check"; urn: string; news: Values }
  | { note: "name"; urn: string; name: string }
  | { note: "changes"; urn: string; changes: Change[] };

/** Dependencies of a provider. */
export interface Surroundings {
  cloud: Cloud;
  schema: PackageSchema;
  write: (note: Note) => void;
}

/** An in-memory provider: the SDK's interface, and what its server lacks. */
export interface Service extends Provider {
  /** Receives the provider's own inputs once all are known. Throws a message for people. */
  configure(args: Values): void;
  /** Checks the provider's own inputs. */
  checkConfig(args: Values): Failure[];
  /** Whether a change of a provider's input replaces it, and with it all its resources. */
  replacesConfig(key: string, args: Values): boolean;
}

/** Details of a request that the SDK's server doesn't pass to the provider. */
export interface Request {
  /** Whether it is a preview: nothing may be created or changed. */
  preview: boolean;
  /** The previous inputs. */
  oldInputs: Values;
}

const requests = new AsyncLocalStorage<Request>();

/** The current request. */
export function request(): Request {
  return requests.getStore() ?? { preview: false, oldInputs: {} };
}

/** Runs the handler of one request. */
export function answering<T>(asked: Request, answer: () => T): T {
  return requests.run(asked, answer);
}

const part = (urn: string, index: number) => urn.split("::")[index] ?? "";

/** The type in a URN: `aws:ec2/vpc:Vpc`. */
export const typeOf = (urn: string) => part(urn, 2).split("$").at(-1) ?? "";

/** The resource's name in a URN. */
export const nameOf = (urn: string) => urn.split("::").slice(3).join("::");
