import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import { Component } from "../component";
import type { Context } from "../context";
import { Namespace, secretReaders } from "../workload/namespace";
import { operator } from "./external-secrets-access";
import { externalSecretsQuota, externalSecretsValues } from "./external-secrets-values";

const chart = { name: "external-secrets", repository: "https://charts.external-secrets.io" } as const;
/** Seconds for Helm to see the operator run: a node may have to be made for it first. */
const timeout = 600;

export interface ExternalSecretsArgs {
  readonly context: Context;
  readonly settings: ClusterSettings["operators"]["externalSecrets"];
  /** Minor version of the cluster: the Pod Security level means what it meant then. */
  readonly kubernetesVersion: string;
  readonly policies: Readonly<Record<string, k8s.types.input.networking.v1.NetworkPolicySpec>>;
  /** What must be there before the operator's pods: leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * The External Secrets Operator, and the one store it reads: Secrets Manager, as the role of its own service account.
 * From there it brings secrets into the name spaces that are labelled for it.
 */
export class ExternalSecrets extends Component {
  /** The store: ExternalSecrets name it, and wait for it. */
  readonly store: { readonly name: string; readonly resource: pulumi.Resource };

  constructor(name: string, args: ExternalSecretsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:ExternalSecrets", name, opts);
    const namespace = this.namespace(args);
    this.store = this.secretStore(args, this.release(args, namespace));
    this.registerOutputs();
  }

  private namespace({ settings, policies, kubernetesVersion }: ExternalSecretsArgs): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespaceName: operator.namespace,
        partOf: chart.name,
        kubernetesVersion,
        readsSecrets: false,
        quota: externalSecretsQuota(settings.replicas),
        policies,
      },
      this.inside,
    );
  }

  private release(
    { settings, waitsFor }: ExternalSecretsArgs,
    { namespaceName, resource }: Namespace,
  ): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
      this.child("release"),
      {
        name: chart.name,
        chart: chart.name,
        version: settings.chart,
        repositoryOpts: { repo: chart.repository },
        namespace: namespaceName,
        atomic: true,
        cleanupOnFail: true,
        timeout,
        values: externalSecretsValues(settings.replicas),
      },
      { ...this.inside, dependsOn: [resource, ...waitsFor] },
    );
  }

  /** Without an `auth` block the operator uses its own credentials, those of Pod Identity. */
  private secretStore(
    { context }: ExternalSecretsArgs,
    release: k8s.helm.v3.Release,
  ): ExternalSecrets["store"] {
    const resource = new k8s.apiextensions.CustomResource(
      this.child("store"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: context.prefix, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          conditions: [{ namespaceSelector: { matchLabels: secretReaders } }],
          provider: { aws: { service: "SecretsManager", region: context.region } },
        },
      },
      // Its kind is part of the release, and the release's webhook checks it.
      { ...this.inside, dependsOn: [release] },
    );
    return { name: context.prefix, resource };
  }
}
