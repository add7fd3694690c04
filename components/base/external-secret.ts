import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";

/** How often a Secret is refreshed: a rotated value reaches it after this time at the latest. */
export const refreshInterval = "1h";

/** A ClusterSecretStore, through which the External Secrets Operator reads Secrets Manager. */
export interface SecretStore {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

/** A property of a Secrets Manager entry, and the key of the Secret or its template that it fills. */
export interface RemoteProperty {
  readonly secretKey: string;
  readonly remoteRef: { readonly key: string; readonly property: string };
}

/** Properties of an entry, by the keys of the Secret that they fill. */
export const propertiesOf = (entry: string, properties: Readonly<Record<string, string>>): RemoteProperty[] =>
  Object.entries(properties).map(([secretKey, property]) => ({
    secretKey,
    remoteRef: { key: entry, property },
  }));

export interface ExternalSecretArgs {
  /** Name of the ExternalSecret and of the Secret that it creates. */
  readonly secret: string;
  readonly namespace: string;
  readonly store: SecretStore;
  readonly data: readonly RemoteProperty[];
  /** Template of each key, which the operator fills from `data`. Default: the Secret has the keys of `data`. */
  readonly template?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The namespace, and the resources that fill the entries. */
  readonly waitsFor: readonly pulumi.Resource[];
}

export interface ExternalSecret {
  readonly resource: pulumi.Resource;
  /** Everything that determines the Secret's content. It changes whenever the content does. */
  readonly content: object;
}

/** A Secret synced from Secrets Manager. Pulumi waits until it exists, so pods that read it start afterwards. */
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

/** Digest of the sources of a Secret: it changes whenever they do. */
export const digestOf = (what: object): pulumi.Output<string> =>
  pulumi
    .output(what)
    .apply((known) => createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 16));
