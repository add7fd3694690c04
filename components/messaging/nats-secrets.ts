import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { accountsConfig, loginOf, type Permissions } from "./nats-access";
import { hashOf } from "./nats-credentials";
import { natsController, type natsSecrets } from "./nats-names";
import { accountsFile } from "./nats-values";

/** What brings secrets into the cluster, and when it looks again. */
export interface SecretSource {
  readonly name: string;
  readonly resource: pulumi.Resource;
  readonly refreshInterval: string;
}

export interface NatsSecretArgs {
  readonly namespaceName: string;
  readonly source: SecretSource;
  /** Secrets Manager entry of the logins, and what fills it. */
  readonly entry: { readonly entry: string; readonly filledBy: readonly pulumi.Resource[] };
  readonly waitsFor: readonly pulumi.Resource[];
}

/** A property of the entry, in a text that External Secrets puts together. In raw quotes, which JSON leaves alone. */
const placeholder = (property: string) => `{{ index . \`${property}\` }}`;

interface SecretText {
  /** Text of each key of the Secret. */
  readonly data: Readonly<Record<string, string>>;
  /** Properties of the entry that stand in it. */
  readonly properties: readonly string[];
}

/** The servers' accounts: they have hashes alone. */
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

/** A Secret in NATS' name space, kept in step with the entry. */
export function natsSecret(
  name: string,
  secret: (typeof natsSecrets)["accounts" | "controller"],
  { data, properties }: SecretText,
  { namespaceName: namespace, source, entry, waitsFor }: NatsSecretArgs,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Resource {
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: secret, namespace, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        refreshInterval: source.refreshInterval,
        secretStoreRef: { kind: "ClusterSecretStore", name: source.name },
        target: { name: secret, creationPolicy: "Owner", template: { engineVersion: "v2", data } },
        data: properties.map((property) => ({
          secretKey: property,
          remoteRef: { key: entry.entry, property },
        })),
      },
    },
    { ...opts, dependsOn: [...waitsFor, source.resource, ...entry.filledBy] },
  );
}
