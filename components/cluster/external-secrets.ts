import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import type { Context } from "../context";
import { secretReaders } from "../workload/namespace";
import { externalSecretsSizes, externalSecretsValues } from "./external-secrets-values";
import { ChartOperator, type ChartOperatorArgs } from "./operators/chart-operator";
import { operatorQuota } from "./operators/sizes";
import { operatorCharts } from "./operators/table";

export interface ExternalSecretsArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "policies" | "priorityClasses" | "waitsFor"
> {
  readonly context: Context;
  readonly settings: ClusterSettings["operators"]["externalSecrets"];
}

/**
 * The External Secrets Operator, and the one store it reads: Secrets Manager, as the role of its own service account.
 * From there it brings secrets into the name spaces that are labelled for it.
 */
export class ExternalSecrets extends ChartOperator {
  /** The store: ExternalSecrets name it, and wait for it. */
  readonly store: { readonly name: string; readonly resource: pulumi.Resource };

  constructor(
    name: string,
    { context, settings, ...rest }: ExternalSecretsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(
      "plinth:cluster:ExternalSecrets",
      name,
      {
        ...rest,
        ...{ chart: operatorCharts.externalSecrets, version: settings.chart },
        values: externalSecretsValues(settings.replicas),
        quota: operatorQuota(externalSecretsSizes, settings.replicas),
      },
      opts,
    );
    this.store = this.secretStore(context);
    this.registerOutputs();
  }

  /** Without an `auth` block the operator uses its own credentials, those of Pod Identity. */
  private secretStore({ prefix, region }: Context): ExternalSecrets["store"] {
    const resource = new k8s.apiextensions.CustomResource(
      this.child("store"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: prefix, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          conditions: [{ namespaceSelector: { matchLabels: secretReaders } }],
          provider: { aws: { service: "SecretsManager", region } },
        },
      },
      // Its kind is part of the release, and the release's webhook checks it.
      { ...this.inside, dependsOn: [this.release] },
    );
    return { name: prefix, resource };
  }
}
