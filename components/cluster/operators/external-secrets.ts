import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";
import type { ClusterSettings } from "../../../config";
import type { Context, KeyArns } from "../../base/context";
import { priorities } from "../../base/priority";
import { named, podIdentityAgent, httpsToInternet } from "../../network/pod-traffic";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { fromApiServer, operatorBase, outward, type Policies, type Ranges } from "./policies";
import { operatorQuota, disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";
import { operatorCharts } from "./table";
import type { HardenedValues } from "../../../standards/charts";

export interface ExternalSecretsArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "mirrors" | "policies" | "priorityClasses" | "servesMetrics" | "waitsFor"
> {
  readonly settings: ClusterSettings["operators"]["externalSecrets"];
}

const policyName = "plinth-secret-stores";

/**
 * The External Secrets Operator. It reads only through the systems' ClusterSecretStores, each of which sets the IAM
 * role to read as and the namespaces that may use it.
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
   * Denies SecretStores and generators in namespaces: both name an IAM role, and the operator may assume every
   * reader's. `processSecretStore: false` only ignores such a store, and the chart can't disable generators. The
   * operator's own `generatorstates` stay allowed.
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
              message:
                "Only ClusterSecretStores are allowed: use the system's instead of a SecretStore or a generator.",
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

/** Namespace and service account of the External Secrets Operator, shared by its role and its chart. */
export const externalSecretsAccount = {
  namespace: operatorCharts.externalSecrets.namespace,
  serviceAccount: "external-secrets",
} as const;

/** IAM path of the roles that read secrets: the operator may assume only these. */
export const readersPath = (prefix: string) => `/${prefix}/secrets/`;

/**
 * The operator's own IAM permissions: it may assume the readers' roles. It can't read entries itself.
 *
 * `sts:TagSession`: Pod Identity's session tags are transitive, so they are passed to the next role. Source: EKS user
 * guide, EKS Pod Identity session tags.
 */
export const mayBecomeReader = ({ accountId, prefix }: Context): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Resource: `arn:aws:iam::${accountId}:role${readersPath(prefix)}*`,
  },
];

/** Permissions of a reader: these Secrets Manager entries, by name. */
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
    // The key also encrypts databases and buckets; the condition limits it to Secrets Manager.
    Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
  },
];

/** Network policies of the operator's namespace, by name. All other traffic is denied. */
export const externalSecretsPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  // Secrets Manager over NAT; an interface endpoint is in the private subnets, which are already allowed.
  "allow-secrets-manager": outward(parts.operator, httpsToInternet(ranges), podIdentityAgent),
  "allow-webhook": fromApiServer(named(parts.webhook), webhookPort, ranges),
});

/** The operator's parts. The two that watch the cluster's objects hold them in memory. */
export const externalSecretsSizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  certController: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** The `name` label of each part's pods. */
const parts = {
  operator: "external-secrets",
  webhook: "external-secrets-webhook",
  certController: "external-secrets-cert-controller",
} as const;

/** The `name` label of the operator's own pods, which serve metrics. */
export const externalSecretsPods = parts.operator;

/** Port of the webhook, which the API server calls. */
const webhookPort = 10250;

/**
 * Values of the chart `external-secrets` 2.9. Its defaults meet the `restricted` Pod Security level (numeric user, no
 * capabilities, read-only root, RuntimeDefault), so they aren't repeated. Its CRDs are templates, so Helm upgrades them
 * with the operator.
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
    // Only the features that Plinth uses are on: no namespaced stores, no PushSecret, no ClusterExternalSecret.
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
