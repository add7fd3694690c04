import type * as pulumi from "@pulumi/pulumi";
import type { StoreOutputs } from "../store";
import type { StoreReference } from "./wiring";

/** What an ExternalSecret reads, and what it makes of it. */
export interface SecretData {
  readonly target: {
    readonly name: string;
    readonly creationPolicy: "Owner";
    readonly template?: {
      readonly engineVersion: "v2";
      readonly data: Readonly<Record<string, pulumi.Input<string>>>;
    };
  };
  readonly data: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly property: string };
  }[];
}

/** Name under which a property of a store's entry is known to the template. */
const nameOf = (store: string, property: string) => `${store}.${property}`;
const placeholder = (store: string, property: string) => `{{ index . "${nameOf(store, property)}" }}`;

/**
 * A Secret of the given name and keys. What is put together, such as a connection string, is put together by the
 * External Secrets Operator: hosts and spelling stand in the manifest, the login comes from the entry. So a rotation
 * changes a login without knowing hosts, and a new replica a list of hosts without touching a login.
 */
export function secretData(
  name: string,
  keys: readonly (StoreReference & { readonly key: string })[],
  stores: Readonly<Record<string, StoreOutputs>>,
): SecretData {
  const read = new Map<string, SecretData["data"][number]>();
  const text: Record<string, pulumi.Input<string>> = {};
  for (const { key, store, output, reader } of keys) {
    const secret = stores[store]?.secret;
    if (secret === undefined) throw new Error(`${key}: ${store} has no secrets`);
    const property = (wanted: string) => {
      const secretKey = nameOf(store, wanted);
      read.set(secretKey, { secretKey, remoteRef: { key: secret.entry, property: wanted } });
      return placeholder(store, wanted);
    };
    text[key] = secret.composed?.[output]?.(property, reader) ?? property(output);
  }
  const template = { engineVersion: "v2", data: text } as const;
  return { target: { name, creationPolicy: "Owner", template }, data: [...read.values()] };
}
