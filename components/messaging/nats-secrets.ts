import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { externalSecret, type SecretStore } from "../base/external-secret";
import { accountsConfig, loginOf, type Permissions } from "./nats-access";
import { hashOf } from "./nats-credentials";
import { natsController, natsSecrets } from "./nats-names";
import { accountsFile } from "./nats-values";

export interface NatsSecretArgs {
  readonly namespaceName: string;
  readonly store: SecretStore;
  /** Secrets Manager entry of the logins, and the resources that fill it. */
  readonly entry: { readonly entry: string; readonly filledBy: readonly pulumi.Resource[] };
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Template placeholder of a property of the entry. It uses raw quotes, which JSON doesn't escape. */
const placeholder = (property: string) => `{{ index . \`${property}\` }}`;

interface SecretText {
  /** Text of each key of the Secret. */
  readonly data: Readonly<Record<string, string>>;
  /** Properties of the entry that the text uses. */
  readonly properties: readonly string[];
}

/** The servers' accounts, which contain only hashes. */
export function accountsSecret(
  permissions: Readonly<Record<string, Permissions>>,
  version: number,
): SecretText {
  const properties: string[] = [];
  const config = accountsConfig(permissions, version, (login) => {
    properties.push(hashOf(login));
    return placeholder(hashOf(login));
  });
  return { data: { [accountsFile]: config }, properties };
}

/** The controller's login. */
export function controllerSecret(version: number): SecretText {
  const login = loginOf(natsController, version);
  return { data: { user: login, password: placeholder(login) }, properties: [login] };
}

/** A Secret in NATS' namespace, synced from the entry. */
export function natsSecret(
  parent: Component,
  key: "accounts" | "controller",
  { data, properties }: SecretText,
  { namespaceName: namespace, store, entry, waitsFor }: NatsSecretArgs,
): pulumi.Resource {
  return externalSecret(parent, key, {
    secret: natsSecrets[key],
    namespace,
    store,
    template: data,
    data: properties.map((property) => ({
      secretKey: property,
      remoteRef: { key: entry.entry, property },
    })),
    waitsFor: [...waitsFor, ...entry.filledBy],
  }).resource;
}
