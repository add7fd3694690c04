import type * as pulumi from "@pulumi/pulumi";
import { prometheusPort } from "./ports";

/**
 * The pods of operators that connect to other namespaces, by namespace and `app.kubernetes.io/name`. The network
 * policies on both sides of such a connection must select the same pods.
 */
export const operatorPeers = {
  /** Reads from NATS, queues and Prometheus the metrics that workloads scale by. */
  keda: { namespace: "keda", name: "keda-operator" },
  /** Queries Prometheus to analyse a release. */
  argoRollouts: { namespace: "argo-rollouts", name: "argo-rollouts" },
  /** Creates streams and consumers. */
  nack: { namespace: "nack", name: "nack" },
  /** Queries Prometheus and Alertmanager for its dashboards. */
  grafana: { namespace: "grafana", name: "grafana" },
} as const;

/** The service account of NACK's controller, which reads the credentials of its Accounts. */
export const nackAccount = { namespace: operatorPeers.nack.namespace, name: "jetstream-controller" } as const;

/** Pods that an operator connects to: a namespace, the label `app.kubernetes.io/name`, a port. */
export interface AskedPods {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Parts of the systems that operators must reach. */
export interface OperatorReach {
  /** Namespaces of the systems' workloads, where a changed Secret restarts pods. */
  readonly namespaces: readonly string[];
  /** Namespaces with NATS servers. */
  readonly natsNamespaces: readonly string[];
  /** Workloads whose new version Argo Rollouts requests before it switches traffic to it. */
  readonly verified: readonly AskedPods[];
  /** Metrics ports of pods in the labelled namespaces. */
  readonly metricsPorts: readonly number[];
  /** Whether a workload serves TLS, so that the cluster needs a certificate authority. Default: none does. */
  readonly servesTls?: boolean;
}

/** Prometheus' pods, as kube-prometheus-stack labels them, and their query port. */
export const prometheusPeer = { namespace: "monitoring", name: "prometheus", port: prometheusPort } as const;

/** Where Prometheus answers queries: the chart's Service, which routes only to ready servers. */
export const prometheusAddress = `http://kube-prometheus-stack-prometheus.${prometheusPeer.namespace}.svc.cluster.local:${prometheusPeer.port}`;

/**
 * The cluster's optional operators, each by the leaf resource after which its kinds may be used. An operator that the
 * stack file doesn't name is undefined; the configuration's checks guarantee that nothing needs it.
 */
export interface Operators {
  /** `ScaledObject`, `TriggerAuthentication`. */
  readonly keda?: pulumi.Resource | undefined;
  /** `Rollout`, `AnalysisTemplate`. */
  readonly argoRollouts?: pulumi.Resource | undefined;
  /** `Issuer`, `Certificate`. */
  readonly certManager?: pulumi.Resource | undefined;
  /** Signs the certificates of workloads that serve TLS; undefined: none does. */
  readonly serviceIssuer?: pulumi.Resource | undefined;
  /** Restarts pods that read a changed Secret. */
  readonly reloader?: pulumi.Resource | undefined;
  /** `Stream`, `Consumer` of JetStream. */
  readonly nack?: pulumi.Resource | undefined;
  /** `VerticalPodAutoscaler`. */
  readonly verticalPodAutoscaler?: pulumi.Resource | undefined;
  /** `PodMonitor`. */
  readonly prometheus?: pulumi.Resource | undefined;
}
