import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";
import type { ClusterSettings } from "../../../config";
import type { Context, KeyArns } from "../../base/context";
import { priorities } from "../../base/priority";
import { internet, named, podIdentityAgent, tcp } from "../../network/pod-traffic";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { fromApiServer, operatorBase, outward, type Policies, type Ranges } from "./policies";
import { operatorQuota, disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";
import { operatorCharts } from "./table";
import type { HardenedValues } from "../../../standards/charts";

export interface ExternalSecretsArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "policies" | "priorityClasses" | "servesMetrics" | "waitsFor"
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
        chart: operatorCharts.externalSecrets,
        version: settings.chart,
        values: externalSecretsValues(settings.replicas),
        quota: operatorQuota(externalSecretsSizes, settings.replicas),
      },
      opts,
    );
    this.clusterStoresOnly();
    this.registerOutputs();
  }

  /**
   * Nobody makes a store or a generator inside a namespace: both name an IAM role, and the operator may assume every
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

/** Where the External Secrets Operator runs, and as whom: its role and its chart must agree. */
export const externalSecretsAccount = {
  namespace: operatorCharts.externalSecrets.namespace,
  serviceAccount: "external-secrets",
} as const;

/** IAM path of the roles that read secrets: the operator may assume these and no others. */
export const readersPath = (prefix: string) => `/${prefix}/secrets/`;

/**
 * What the operator itself may do in AWS: assume a reader's role. It reads no entry as itself.
 *
 * `sts:TagSession`: Pod Identity's session tags are transitive, so they go along to the next role.
 * Source: EKS user guide, EKS Pod Identity session tags.
 */
export const mayBecomeReader = ({ accountId, prefix }: Context): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Resource: `arn:aws:iam::${accountId}:role${readersPath(prefix)}*`,
  },
];

/** What a reader may do: read these entries of Secrets Manager, by name. */
export const mayRead = (
  { accountId, region }: Context,
  keys: KeyArns,
  entries: readonly string[],
): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    // Secrets Manager adds a hyphen and six characters to the name of each entry.
    Resource: entries.map((entry) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${entry}-??????`),
  },
  {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: keys.data,
    // The key opens databases and buckets too: here it opens what Secrets Manager hands out.
    Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
  },
];

/** Network policies of the operator's namespace, by name. All else is denied. */
export const externalSecretsPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  // Secrets Manager over NAT; over an interface endpoint it lies in the private subnets, which are open already.
  "allow-secrets-manager": outward(
    parts.operator,
    { to: [internet(ranges)], ports: tcp(443) },
    podIdentityAgent,
  ),
  "allow-webhook": fromApiServer(named(parts.webhook), webhookPort, ranges),
});

/** The operator's parts. The two that watch the cluster's objects hold them in memory. */
export const externalSecretsSizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  certController: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** The `name` label of each part's pods. */
export const parts = {
  operator: "external-secrets",
  webhook: "external-secrets-webhook",
  certController: "external-secrets-cert-controller",
} as const;

/** The `name` label of the operator's own pods, which serve metrics. */
export const externalSecretsPods = parts.operator;

/** Port of the webhook, which the API server calls. */
export const webhookPort = 10250;

/**
 * Values of the chart `external-secrets` 2.9. Its own defaults meet the `restricted` Pod Security level (numeric
 * user, no capabilities, read-only root, RuntimeDefault), so they aren't repeated. It carries its CRDs as templates,
 * and so upgrades them with the operator.
 */
export function externalSecretsValues(replicas: number): Record<string, unknown> {
  const several = replicas > 1;
  const podDisruptionBudget = disruptionBudget(replicas);
  const priorityClassName = priorities.platform.name;
  const probe = { enabled: true };
  return {
    installCRDs: true,
    replicaCount: replicas,
    leaderElect: several,
    resources: resources(externalSecretsSizes.operator),
    podDisruptionBudget,
    priorityClassName,
    livenessProbe: probe,
    readinessProbe: probe,
    serviceAccount: { create: true, name: externalSecretsAccount.serviceAccount },
    // Only what Plinth uses is on: secrets are read from the one store, and never pushed or handed out cluster-wide.
    processSecretStore: false,
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processPushSecret: false,
    processClusterPushSecret: false,
    global: {
      topologySpreadConstraints: [zoneSpread()],
    },
    webhook: {
      replicaCount: replicas,
      port: webhookPort,
      resources: resources(externalSecretsSizes.webhook),
      podDisruptionBudget,
      priorityClassName,
    },
    certController: {
      replicaCount: replicas,
      resources: resources(externalSecretsSizes.certController),
      podDisruptionBudget,
      priorityClassName,
    },
  } satisfies HardenedValues<"external-secrets">;
}
