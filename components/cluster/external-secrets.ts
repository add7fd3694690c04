import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import { externalSecretsSizes, externalSecretsValues } from "./external-secrets-values";
import { ChartOperator, type ChartOperatorArgs } from "./operators/chart-operator";
import { operatorQuota } from "./operators/sizes";
import { operatorCharts } from "./operators/table";

export interface ExternalSecretsArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "policies" | "priorityClasses" | "waitsFor"
> {
  readonly settings: ClusterSettings["operators"]["externalSecrets"];
}

const policyName = "plinth-secret-stores";

/**
 * The External Secrets Operator. It reads through the ClusterSecretStores of the systems alone: each names the IAM
 * role that it reads as, and the namespaces that may name it.
 */
export class ExternalSecrets extends ChartOperator {
  constructor(
    name: string,
    { settings, ...rest }: ExternalSecretsArgs,
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
    this.clusterStoresOnly();
    this.registerOutputs();
  }

  /**
   * Nobody makes a store or a generator inside a namespace: both name an IAM role, and the operator may take on every
   * reader's. `processSecretStore: false` leaves such a store without a status, but nothing keeps anyone from writing
   * one; generators can't be switched off in the chart. Its own `generatorstates` stay allowed.
   */
  private clusterStoresOnly(): void {
    const rule = (apiGroup: string, ...resources: string[]) => ({
      apiGroups: [apiGroup],
      apiVersions: ["*"],
      resources,
    });
    const changed = { operations: ["CREATE", "UPDATE"] };
    const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      this.child("policy"),
      {
        metadata: { name: policyName },
        spec: {
          failurePolicy: "Fail",
          matchConstraints: {
            resourceRules: [
              { ...rule("external-secrets.io", "secretstores"), ...changed },
              { ...rule("generators.external-secrets.io", "*"), ...changed },
            ],
            excludeResourceRules: [
              { ...rule("generators.external-secrets.io", "generatorstates"), operations: ["*"] },
            ],
          },
          validations: [
            {
              expression: "false",
              message: "Secrets are read through the system's ClusterSecretStore alone.",
              reason: "Forbidden",
            },
          ],
        },
      },
      this.inside,
    );
    new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      this.child("policy-binding"),
      { metadata: { name: policyName }, spec: { policyName, validationActions: ["Deny"] } },
      { ...this.inside, dependsOn: [policy] },
    );
  }
}
