import type { ClusterPod, ClusterService } from "./policy-resolver";

/**
 * Services of charts, and their pods: a preview only sees a chart's values. Derived from the templates of the pinned
 * version with Plinth's values; a test fails when a stack pins another one. Headless Services are omitted: policies see
 * their pods' addresses.
 */
export interface ChartServices {
  readonly version: string;
  readonly services: readonly (Omit<ClusterService, "namespace"> & {
    /** Template in the chart. */
    readonly source: string;
  })[];
  readonly pods: readonly Omit<ClusterPod, "namespace">[];
}

const tcp = (port: number, targetPort: number | string = port) => ({ port, targetPort, protocol: "TCP" });
const listens = (ports: Readonly<Record<string, number>>) =>
  Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" }));

const app = (name: string) => ({ app: name, "app.kubernetes.io/name": name });
const nats = {
  "app.kubernetes.io/name": "nats",
  "app.kubernetes.io/instance": "nats",
  "app.kubernetes.io/component": "nats",
};
const alertmanager = {
  "app.kubernetes.io/name": "alertmanager",
  alertmanager: "kube-prometheus-stack-alertmanager",
};
const stateMetrics = {
  "app.kubernetes.io/name": "kube-state-metrics",
  "app.kubernetes.io/instance": "kube-prometheus-stack",
};
const grafana = { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": "grafana" };
const prometheus = {
  "app.kubernetes.io/name": "prometheus",
  "operator.prometheus.io/name": "kube-prometheus-stack-prometheus",
};

/** By the chart's name. */
export const chartServices: Readonly<Record<string, ChartServices>> = {
  // github.com/kedacore/charts, tag v2.20.2, keda/templates
  keda: {
    version: "2.20.2",
    services: [
      {
        name: "keda-operator",
        source: "manager/service.yaml",
        selector: { app: "keda-operator" },
        ports: [tcp(9666)],
      },
      {
        name: "keda-operator-metrics-apiserver",
        source: "metrics-server/service.yaml",
        selector: { app: "keda-operator-metrics-apiserver" },
        ports: [tcp(443, 6443), tcp(8080)],
      },
      {
        name: "keda-admission-webhooks",
        source: "webhooks/service.yaml",
        selector: { app: "keda-admission-webhooks" },
        ports: [tcp(443, 9443)],
      },
    ],
    pods: [
      { name: "keda-operator", labels: app("keda-operator"), ports: listens({ metricsservice: 9666 }) },
      {
        name: "keda-operator-metrics-apiserver",
        labels: app("keda-operator-metrics-apiserver"),
        ports: listens({ https: 6443, metrics: 8080 }),
      },
      {
        name: "keda-admission-webhooks",
        labels: app("keda-admission-webhooks"),
        ports: listens({ http: 9443 }),
      },
    ],
  },
  // github.com/prometheus-community/helm-charts, tag kube-prometheus-stack-88.5.3
  "kube-prometheus-stack": {
    version: "88.5.3",
    services: [
      {
        name: "kube-prometheus-stack-prometheus",
        source: "templates/prometheus/service.yaml",
        selector: prometheus,
        ports: [tcp(9090), tcp(8080, "reloader-web")],
      },
      {
        name: "kube-prometheus-stack-alertmanager",
        source: "templates/alertmanager/service.yaml",
        selector: alertmanager,
        ports: [tcp(9093), tcp(8080, "reloader-web")],
      },
      {
        name: "kube-prometheus-stack-kube-state-metrics",
        source: "charts/kube-state-metrics/templates/service.yaml",
        selector: stateMetrics,
        ports: [tcp(8080)],
      },
    ],
    // The operator creates the pods: prometheus-operator, pkg/prometheus/server/statefulset.go.
    pods: [
      {
        name: "prometheus",
        labels: prometheus,
        ports: listens({ "http-web": 9090, "reloader-web": 8080 }),
      },
      {
        name: "alertmanager",
        labels: alertmanager,
        ports: listens({ "http-web": 9093, "mesh-tcp": 9094, "reloader-web": 8080 }),
      },
      { name: "kube-state-metrics", labels: stateMetrics, ports: listens({ http: 8080 }) },
    ],
  },
  // github.com/nats-io/k8s, tag nats-2.14.2, helm/charts/nats/files; `nats-headless` has no address.
  nats: {
    version: "2.14.2",
    services: [{ name: "nats", source: "service.yaml", selector: nats, ports: [tcp(4222, "nats")] }],
    pods: [
      {
        name: "nats",
        labels: nats,
        ports: listens({ nats: 4222, cluster: 6222, monitor: 8222, "prom-metrics": 7777 }),
      },
    ],
  },
  // github.com/argoproj/argo-helm, argo-rollouts-2.41.0; github.com/nats-io/k8s, nack-0.34.0: none has callers.
  "argo-rollouts": { version: "2.41.0", services: [], pods: [] },
  nack: { version: "0.34.0", services: [], pods: [] },
  // github.com/stakater/Reloader, tag chart-v2.2.16, templates/service.yaml: none without `reloader.service`.
  reloader: { version: "2.2.16", services: [], pods: [] },
  // github.com/grafana-community/helm-charts, tag grafana-12.11.1
  grafana: {
    version: "12.11.1",
    services: [
      { name: "grafana", source: "templates/service.yaml", selector: grafana, ports: [tcp(80, "grafana")] },
    ],
    pods: [{ name: "grafana", labels: grafana, ports: listens({ grafana: 3000 }) }],
  },
  // kubernetes/autoscaler, the recommender: it has no callers.
  "vertical-pod-autoscaler": { version: "0.11.0", services: [], pods: [] },
  // github.com/external-secrets/external-secrets, tag helm-chart-2.9.0: only the API server calls the webhook.
  "external-secrets": {
    version: "2.9.0",
    services: [
      {
        name: "external-secrets-webhook",
        source: "templates/webhook-service.yaml",
        selector: {
          "app.kubernetes.io/name": "external-secrets-webhook",
          "app.kubernetes.io/instance": "external-secrets",
        },
        ports: [tcp(443, "webhook")],
      },
    ],
    pods: [],
  },
};
