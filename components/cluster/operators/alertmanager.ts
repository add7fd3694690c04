import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../../base/context";
import { prometheusPeer } from "../../base/operators";
import { named, peer, podIdentityAgent, tcp, type PodsOf, httpsToInternet } from "../../network/pod-traffic";
import { alarmTopicName } from "../../observability/alarm-topic";
import { heartbeatTopicName } from "../../observability/heartbeat";
import {
  alertReceivers,
  alertRouting,
  muteIntervals,
  receiversSecret,
  type AlertRoutes,
} from "./alert-routes";
import { claimTemplate, serverPod } from "./monitoring-server";
import { outward, type Policies, type Ranges } from "./policies";
import { disruptionBudget, type Size } from "./sizes";

/** Where Alertmanager sends alerts: the ARNs of both topics, which are derived from the configuration. */
export interface AlertTopics {
  readonly region: string;
  /** Topic that people subscribe to. */
  readonly alarms: string;
  /** Topic that the watchdog is published to every few minutes. */
  readonly heartbeat: string;
}

/** The topics of an environment. Their ARNs are plain values, since a chart's values must be known in a preview. */
export function alertTopics(context: Pick<Context, "prefix" | "region" | "accountId">): AlertTopics {
  const arn = (name: string) => `arn:aws:sns:${context.region}:${context.accountId}:${name}`;
  return {
    region: context.region,
    alarms: arn(alarmTopicName(context)),
    heartbeat: arn(heartbeatTopicName(context)),
  };
}

/** Alertmanager's service account, whose role may publish to the two topics. */
export const alertmanagerAccount = {
  namespace: prometheusPeer.namespace,
  serviceAccount: "kube-prometheus-stack-alertmanager",
} as const;

/** `app.kubernetes.io/name` of Alertmanager's pods, as the operator sets it. */
export const alertmanagerName = "alertmanager";

/** Port of the API that Prometheus sends alerts to, and the port on which the pods gossip, over TCP and UDP. */
export const alertmanagerPorts = { api: 9093, mesh: 9094 } as const;

/** Alertmanager's IAM permissions. Both topics are encrypted: publishers need the key to generate a data key. */
export const mayPublishAlerts = (
  { alarms, heartbeat, region }: AlertTopics,
  keyArn: pulumi.Input<string>,
): aws.iam.PolicyStatement[] => [
  { Effect: "Allow", Action: "sns:Publish", Resource: [alarms, heartbeat] },
  {
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
  },
];

/** Each alert's summary, description, runbook and start time. */
const message = [
  "{{ range .Alerts }}",
  "{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }} ({{ .Labels.team }})",
  "{{ .Annotations.summary }}",
  "{{ .Annotations.description }}",
  "Runbook: {{ .Annotations.runbook_url }}",
  "Since: {{ .StartsAt }}",
  "{{ end }}",
].join("\n");

/**
 * Alertmanager's configuration. Alerts of the same name and team arrive as one message; a critical alert mutes the
 * warnings of the same name on the same workload. A message is repeated until the alert ends: critical every hour, the
 * others every 12 hours. Source of the keys: Alertmanager 0.34, configuration.
 */
function alertmanagerConfig({ region, alarms, heartbeat }: AlertTopics, routes: AlertRoutes) {
  const sns = (name: string, topic: string, more: object) => ({
    name,
    sns_configs: [{ topic_arn: topic, sigv4: { region }, ...more }],
  });
  return {
    route: {
      receiver: "alarms",
      group_by: ["alertname", "team", "severity"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: alertRouting(routes),
    },
    time_intervals: muteIntervals(routes),
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "namespace", "service"],
      },
      // A node that isn't ready also fails its pods.
      {
        source_matchers: ['alertname="NodeNotReady"'],
        target_matchers: ['alertname="TargetDown"'],
      },
    ],
    receivers: [
      sns("alarms", alarms, {
        send_resolved: true,
        subject: "{{ .Status | toUpper }} {{ .GroupLabels.severity }} {{ .GroupLabels.alertname }}",
        message,
      }),
      sns("heartbeat", heartbeat, { send_resolved: false, message: "alive" }),
      ...alertReceivers(routes),
    ],
  };
}

/** Volume of each Alertmanager, which keeps silences and the notification log when a pod restarts: a few megabytes. */
const storage = "1Gi";

/**
 * The chart's values under `alertmanager`. Its AWS credentials come from Pod Identity, so it needs no Kubernetes token.
 * AlertmanagerConfig objects of other namespaces are ignored: they could route alerts elsewhere.
 */
export const alertmanagerValues = (
  topics: AlertTopics,
  routes: AlertRoutes,
  { replicas, size, storageClass }: { replicas: number; size: Size; storageClass: string },
) => ({
  enabled: true,
  config: alertmanagerConfig(topics, routes),
  serviceAccount: {
    name: alertmanagerAccount.serviceAccount,
    automountServiceAccountToken: false,
  },
  podDisruptionBudget: disruptionBudget(replicas),
  serviceMonitor: { interval: "30s" },
  alertmanagerSpec: {
    replicas,
    automountServiceAccountToken: false,
    alertmanagerConfigNamespaceSelector: {
      matchLabels: { "kubernetes.io/metadata.name": prometheusPeer.namespace },
    },
    ...(Object.keys(routes.receivers).length > 0 && { secrets: [receiversSecret] }),
    storage: claimTemplate(storageClass, storage),
    ...serverPod(alertmanagerName, replicas, size),
  },
});

const bothProtocols = (port: number) => ["TCP", "UDP"].map((protocol) => ({ protocol, port }));

/**
 * Alertmanager: Prometheus sends it alerts, its pods gossip with each other, and it publishes to SNS over NAT.
 *
 * @param silencers Clients that list alerts and create silences.
 */
export const alertmanagerPolicies = (ranges: Ranges, silencers: readonly PodsOf[]): Policies => ({
  // A rule without peers would open everything.
  ...(silencers.length === 0
    ? {}
    : {
        "allow-silences": {
          podSelector: named(alertmanagerName),
          policyTypes: ["Ingress"],
          ingress: [{ from: silencers.map(peer), ports: tcp(alertmanagerPorts.api) }],
        },
      }),
  "allow-mesh": {
    podSelector: named(alertmanagerName),
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: named(alertmanagerName) }], ports: bothProtocols(alertmanagerPorts.mesh) },
    ],
    egress: [
      { to: [{ podSelector: named(alertmanagerName) }], ports: bothProtocols(alertmanagerPorts.mesh) },
    ],
  },
  "allow-topics": outward(alertmanagerName, httpsToInternet(ranges), podIdentityAgent),
});
