import type * as pulumi from "@pulumi/pulumi";
import { prometheusPort } from "./ports";

/**
 * The pods of operators that reach into other namespaces, by namespace and `app.kubernetes.io/name`: both
 * sides of such a way have a network policy, and must mean the same pods.
 */
export const operatorPeers = {
  /** Asks NATS, queues and Prometheus for what workloads scale by. */
  keda: { namespace: "keda", name: "keda-operator" },
  /** Asks Prometheus whether a release does well. */
  argoRollouts: { namespace: "argo-rollouts", name: "argo-rollouts" },
  /** Makes streams and consumers. */
  nack: { namespace: "nack", name: "nack" },
  /** Asks Prometheus and Alertmanager for what people look at. */
  grafana: { namespace: "grafana", name: "grafana" },
} as const;

/** The service account of NACK's controller, which reads the logins of the Accounts that it is to connect with. */
export const nackAccount = { namespace: operatorPeers.nack.namespace, name: "jetstream-controller" } as const;

/** Pods that an operator connects to: a namespace, the label `app.kubernetes.io/name`, a port. */
export interface AskedPods {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** What the systems have that operators must reach. */
export interface OperatorReach {
  /** Namespaces of the systems' workloads, in which a changed Secret restarts pods. */
  readonly namespaces: readonly string[];
  /** Namespaces with NATS servers. */
  readonly natsNamespaces: readonly string[];
  /** Workloads whose new versions Argo Rollouts asks whether they answer, before it switches to them. */
  readonly verified: readonly AskedPods[];
  /** Ports on which something in the labelled namespaces serves metrics. */
  readonly metricsPorts: readonly number[];
}

/** Prometheus' pods, as kube-prometheus-stack labels them, and the port that they answer queries on. */
export const prometheusPeer = { namespace: "monitoring", name: "prometheus", port: prometheusPort } as const;

/** Where Prometheus answers queries: the Service that the chart makes, which leads to servers that are ready alone. */
export const prometheusAddress = `http://kube-prometheus-stack-prometheus.${prometheusPeer.namespace}.svc.cluster.local:${prometheusPeer.port}`;

/**
 * The cluster's optional operators, each by the leaf resource after which its kinds may be used. One that the stack
 * file doesn't name isn't there; the configuration is refused before anything needs it.
 */
export interface Operators {
  /** `ScaledObject`, `TriggerAuthentication`. */
  readonly keda?: pulumi.Resource | undefined;
  /** `Rollout`, `AnalysisTemplate`. */
  readonly argoRollouts?: pulumi.Resource | undefined;
  /** `Issuer`, `Certificate`. */
  readonly certManager?: pulumi.Resource | undefined;
  /** Restarts what reads a Secret that has changed. */
  readonly reloader?: pulumi.Resource | undefined;
  /** `Stream`, `Consumer` of JetStream. */
  readonly nack?: pulumi.Resource | undefined;
  /** `VerticalPodAutoscaler`. */
  readonly verticalPodAutoscaler?: pulumi.Resource | undefined;
  /** `PodMonitor`. */
  readonly prometheus?: pulumi.Resource | undefined;
}
