import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";

/** How often a Secret is brought up to date: the longest that a rotation takes to reach it. */
export const refreshInterval = "1h";

/** A ClusterSecretStore, which the External Secrets Operator reads Secrets Manager through. */
export interface SecretStore {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

/** A property of an entry of Secrets Manager, and the key of the Secret or of its template that it fills. */
export interface RemoteProperty {
  readonly secretKey: string;
  readonly remoteRef: { readonly key: string; readonly property: string };
}

export interface ExternalSecretArgs {
  /** Name of the Secret that it makes, and its own. */
  readonly secret: string;
  readonly namespace: string;
  readonly store: SecretStore;
  readonly data: readonly RemoteProperty[];
  /** Text of each key, which the operator puts together from `data`. Default: the Secret has the keys of `data`. */
  readonly template?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The namespace, and what fills the entries. */
  readonly waitsFor: readonly pulumi.Resource[];
}

export interface ExternalSecret {
  readonly resource: pulumi.Resource;
  /** What the Secret is made of: it changes with what its readers get. */
  readonly content: object;
}

/** A Secret that is kept in step with Secrets Manager. Pulumi waits until it is there: pods that read it start then. */
export function externalSecret(
  parent: Component,
  key: string,
  { secret, namespace, store, data, template, labels, annotations, waitsFor }: ExternalSecretArgs,
): ExternalSecret {
  const content = {
    target: {
      name: secret,
      creationPolicy: "Owner",
      ...(template && { template: { engineVersion: "v2", data: template } }),
    },
    data,
  };
  const resource = new k8s.apiextensions.CustomResource(
    parent.child(key),
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: {
        name: secret,
        namespace,
        ...(labels && { labels }),
        annotations: { "pulumi.com/waitFor": "condition=Ready", ...annotations },
      },
      spec: {
        refreshInterval,
        secretStoreRef: { kind: "ClusterSecretStore", name: store.name },
        ...content,
      },
    },
    { ...parent.inside, dependsOn: [...waitsFor, store.resource] },
  );
  return { resource, content };
}
