import type { Store } from "../../systems/spec";
import { images } from "../images";
import { publishedPorts } from "../local";
import { confined, limits, nothing, type Parts } from "../model";
import { localValue, variableOf } from "../names";
import type { Plan } from "../plan";
import { cache } from "./cache";
import { mail } from "./mail";
import { nats } from "./nats";
import { bucket, objectStore } from "./objects";
import { postgres } from "./postgres";
import { queue, queueServer } from "./queue";
import { outputs, type LocalStore } from "./store";

export type { LocalStore } from "./store";

/** The local replacement of each of a system's stores. */
export const localStores = (plan: Plan): Record<string, LocalStore> =>
  Object.fromEntries(Object.entries(plan.spec.stores).map(([key, store]) => [key, make(plan, key, store)]));

/** Servers that several stores share. */
export const sharedServers = (plan: Plan): Partial<Parts>[] => [objectStore(plan), queueServer(plan)];

function make(plan: Plan, key: string, store: Store): LocalStore {
  switch (store.kind) {
    case "postgres":
      return postgres(plan, key, store, hostPort(plan, key));
    case "cache":
      return cache(plan, key);
    case "nats":
      return nats(plan, key, store);
    case "bucket":
      return bucket(plan, key);
    case "queue":
      return queue(plan, key);
    case "mail":
      return mail(plan, key, store);
    case "generated":
      return generated(plan, key, store.keys);
    case "files":
      return files(key, store.user);
  }
}

/** The description's databases use PostgreSQL's port; databases that only this machine has use the next one. */
const hostPort = ({ local }: Plan, key: string): number =>
  key in (local.stores ?? {}) ? publishedPorts.testDatabase : publishedPorts.postgres;

/** Secrets that Plinth generates in the cloud. */
function generated(plan: Plan, key: string, keys: readonly string[]): LocalStore {
  const properties = keys.flatMap((property) => [property, `${property}Accepted`]);
  const variables = properties.map((property) => [property, variableOf(plan.spec, key, property)] as const);
  return {
    outputs: outputs({}),
    properties: Object.fromEntries(
      variables.map(([property, variable]) => [property, plan.names.value(variable)]),
    ),
    parts: {
      env: Object.fromEntries(
        variables.map(([property, variable]) => [
          variable,
          {
            value: localValue(plan.spec.name, key, property),
            comment: `Generated in the cloud: ${key}.${property}`,
          },
        ]),
      ),
    },
    waits: {},
  };
}

/** A shared directory, and the job that sets its owner: a new volume belongs to root. */
function files(key: string, user: number): LocalStore {
  const owner = `${key}-owner`;
  return {
    outputs: outputs({}),
    properties: {},
    parts: {
      ...nothing,
      services: {
        [owner]: {
          image: images.openssl,
          user: "0:0",
          entrypoint: ["chown", `${user}:${user}`, "/files"],
          volumes: [`${key}_data:/files`],
          ...confined,
          restart: "no",
          deploy: limits("0.5", "64M"),
        },
      },
      volumes: [`${key}_data`],
    },
    waits: { [owner]: "service_completed_successfully" },
  };
}
