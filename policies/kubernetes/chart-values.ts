import type { Policies } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import { between, given, having, is, like, type Test } from "../../standards/tests";
import { type Row, must } from "../lib/must";

import { isRecord, plain } from "../lib/wire";
import { faults } from "./chart-faults";

const release = ["kubernetes:helm.sh/v3:Release"];
const charts = [...release, "kubernetes:helm.sh/v4:Chart"];

const dropsAll = having((one) => one === "ALL", "a list with ALL");
/** What a container's security context must say, under a path of a chart's values. */
const container = (path: string): [string, Test][] => [
  [`${path}.allowPrivilegeEscalation`, is(false)],
  [`${path}.readOnlyRootFilesystem`, is(true)],
  [`${path}.capabilities.drop`, dropsAll],
];
/** What a pod's security context must say. */
const pod = (path: string): [string, Test][] => [
  [`${path}.runAsNonRoot`, is(true)],
  [`${path}.seccompProfile.type`, is("RuntimeDefault")],
];

/**
 * The values that harden each chart: those that its own defaults don't give, and those that turn off what isn't used.
 * Where a chart is named here, a value that is taken away is a violation.
 */
const hardening: Readonly<Record<string, { repo: string; rows: [path: string, test: Test][] }>> = {
  "argo-rollouts": {
    repo: "https://argoproj.github.io/argo-helm",
    rows: [
      ["dashboard.enabled", is(false)],
      ...[
        "ambassador",
        "apisix",
        "awsAppMesh",
        "contour",
        "gatewayAPI",
        "glooPlatform",
        "istio",
        "smi",
        "traefik",
      ].map((mesh): [string, Test] => [`providerRBAC.providers.${mesh}`, is(false)]),
      ["controller.resources.limits.memory", given],
    ],
  },
  "external-secrets": {
    repo: "https://charts.external-secrets.io",
    rows: [
      ...["ClusterExternalSecret", "ClusterGenerator", "ClusterPushSecret", "PushSecret"].map(
        (kind): [string, Test] => [`process${kind}`, is(false)],
      ),
      ["processSecretStore", is(false)],
      ["resources.limits.memory", given],
      ["webhook.resources.limits.memory", given],
      ["certController.resources.limits.memory", given],
    ],
  },
  keda: {
    repo: "https://kedacore.github.io/charts",
    rows: [
      ["permissions.operator.restrict.secret", is(true)],
      ["permissions.metricServer.restrict.secret", is(true)],
      ["enableServiceLinks", is(false)],
      // Without it KEDA may scale every kind that there is.
      ["rbac.scaledRefKinds", given],
      ["resources.operator.limits.memory", given],
      ["resources.metricServer.limits.memory", given],
      ["resources.webhooks.limits.memory", given],
    ],
  },
  "kube-prometheus-stack": {
    repo: "https://prometheus-community.github.io/helm-charts",
    rows: [
      ...["alertmanager", "grafana", "nodeExporter", "kubeStateMetrics", "kubelet", "kubeApiServer"].map(
        (part): [string, Test] => [`${part}.enabled`, is(false)],
      ),
      ...pod("prometheus.prometheusSpec.securityContext"),
      ["prometheus.prometheusSpec.resources.limits.memory", given],
      ["prometheus.prometheusSpec.enforcedBodySizeLimit", like(/^[1-9]\d*[KMG]?B$/, "a size above 0")],
      ...["LabelLimit", "LabelNameLengthLimit", "LabelValueLengthLimit", "SampleLimit", "TargetLimit"].map(
        (limit): [string, Test] => [`prometheus.prometheusSpec.enforced${limit}`, between(1, 1_000_000)],
      ),
      ...["podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor"].map((kind): [string, Test] => [
        `prometheus.prometheusSpec.${kind}NamespaceSelector.matchLabels`,
        given,
      ]),
      ["prometheusOperator.prometheusInstanceNamespaces", given],
      ["prometheusOperator.resources.limits.memory", given],
      ["prometheusOperator.kubeletService.enabled", is(false)],
      ["prometheusOperator.prometheusConfigReloader.resources.limits.memory", given],
    ],
  },
  nack: {
    repo: "https://nats-io.github.io/k8s/helm/charts",
    rows: [
      ...container("containerSecurityContext"),
      ...pod("securityContext"),
      ["resources.limits.memory", given],
    ],
  },
  nats: {
    repo: "https://nats-io.github.io/k8s/helm/charts",
    rows: [
      ["config.nats.tls.enabled", is(true)],
      ["config.nats.tls.secretName", given],
      ["config.cluster.tls.enabled", is(true)],
      ["config.cluster.tls.secretName", given],
      ["config.cluster.tls.merge.verify", is(true)],
      // The accounts, without which whoever reaches the port is let in.
      ["config.merge.$include", like(/accounts/, "the file of the accounts")],
      ["tlsCA.enabled", is(true)],
      ["natsBox.enabled", is(false)],
      ...["container", "promExporter", "reloader"].flatMap((part) =>
        container(`${part}.merge.securityContext`),
      ),
      ...["container", "promExporter", "reloader"].map((part): [string, Test] => [
        `${part}.merge.resources.limits.memory`,
        given,
      ]),
      ...pod("podTemplate.merge.spec.securityContext"),
      ["podTemplate.merge.spec.automountServiceAccountToken", is(false)],
      ["serviceAccount.merge.automountServiceAccountToken", is(false)],
    ],
  },
  reloader: {
    repo: "https://stakater.github.io/stakater-charts",
    rows: [
      ["reloader.watchGlobally", is(false)],
      ["reloader.namespaces", given],
      ["reloader.rbac.enabled", is(false)],
      ["reloader.readOnlyRootFileSystem", is(true)],
      ...pod("reloader.deployment.securityContext"),
      ["reloader.deployment.containerSecurityContext.allowPrivilegeEscalation", is(false)],
      ["reloader.deployment.containerSecurityContext.capabilities.drop", dropsAll],
      ["reloader.deployment.resources.limits.memory", given],
    ],
  },
  "vertical-pod-autoscaler": {
    repo: "https://kubernetes.github.io/autoscaler",
    rows: [
      ["admissionController.enabled", is(false)],
      ["updater.enabled", is(false)],
      ...container("containerSecurityContext"),
      ...pod("podSecurityContext"),
      ["recommender.resources.limits.memory", given],
    ],
  },
};

const chartOf = (props: Record<string, unknown>) => String(props.chart).replace(/^.*\//, "");
const demands = Object.entries(hardening).flatMap(([chart, { repo, rows }]) => {
  const when: Row[2] = ({ props }) => chartOf(props) === chart;
  return [
    ["repositoryOpts.repo", is(repo), (whole) => when(whole) && isRecord(whole.props.repositoryOpts)] as Row,
    ...rows.map(([path, test]): Row => [`values.${path}`, test, when]),
  ];
});

/** What is held of a chart by its values: its objects are hidden from policies. */
export const chartValues: Policies = [
  must(
    release,
    {
      name: "helm-hardened",
      description: "A chart that is known here keeps the values that harden it.",
      severity: "high",
      remediation:
        "Set the value that is named: the chart's own default is weaker, or turns on what isn't used.",
      url: "https://helm.sh/docs/chart_best_practices/pods/",
    },
    demands,
  ),
  onTypes<object>(
    charts,
    {
      name: "helm-values-restricted",
      description:
        "No chart's values take away what the restricted level asks for, or bring images from elsewhere.",
      severity: "critical",
      remediation: "Remove the value, or set it as the restricted level of Pod Security asks.",
      url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    },
    (props, { report }) => {
      const { values } = plain(props) as { values?: unknown };
      for (const fault of faults(values, "values")) report(fault);
    },
  ),
];
