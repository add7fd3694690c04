import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import type { SecretStore } from "./external-secret";

export interface SecretStoreArgs {
  readonly storeName: string;
  readonly region: string;
  /** IAM role that reads. Without an `auth` block the operator assumes it with its own credentials. */
  readonly role: pulumi.Input<string>;
  /** Namespaces whose ExternalSecrets may use the store: by name, since labels can be added. */
  readonly namespaces: readonly string[];
  /** The operator, whose release includes the kinds and their webhook. */
  readonly operator: pulumi.Resource;
}

/** Secrets Manager through one role, for some namespaces. It is ready once the role can be assumed. */
export function secretStore(
  parent: Component,
  key: string,
  { storeName, region, role, namespaces, operator }: SecretStoreArgs,
): SecretStore {
  const resource = new k8s.apiextensions.CustomResource(
    parent.child(key),
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: storeName, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        conditions: [{ namespaces: [...namespaces] }],
        provider: { aws: { service: "SecretsManager", region, role } },
      },
    },
    { ...parent.inside, dependsOn: [operator] },
  );
  return { name: storeName, resource };
}
