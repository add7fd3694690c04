import type * as pulumi from "@pulumi/pulumi";
import type { ExternalSecretArgs, RemoteProperty } from "../../base/external-secret";
import type { StoreOutputs } from "../../base/store";
import type { StoreReference } from "../wiring";

/** Data and template of a Secret. */
export type SecretData = Required<Pick<ExternalSecretArgs, "data" | "template">>;

/** Name of an entry's property in the template. */
const nameOf = (store: string, property: string) => `${store}.${property}`;
const placeholder = (store: string, property: string) => `{{ index . "${nameOf(store, property)}" }}`;

/**
 * The content of a Secret with the given keys. The External Secrets Operator composes values such as connection
 * strings: the manifest has the hosts and the format, the entry has the login. So a rotation changes a login without
 * knowing hosts, and a new replica changes hosts without changing a login.
 */
export function secretData(
  keys: readonly (StoreReference & { readonly key: string })[],
  stores: Readonly<Record<string, StoreOutputs>>,
): SecretData {
  const read = new Map<string, RemoteProperty>();
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
  return { template: text, data: [...read.values()] };
}
