import type * as k8s from "@pulumi/kubernetes";
import {
  allowDns,
  apiServer,
  blocks,
  defaultDeny,
  internet,
  named,
  peer,
  podIdentityAgent,
  tcp,
} from "../../network/pod-traffic";
import { natsLabels, natsPorts } from "../../messaging/nats-values";
import {
  natsMonitorPort,
  operatorPeers,
  prometheusPeer,
  type AskedPods,
  type OperatorReach,
} from "../../operator-peers";
import { certManagerWebhookPort } from "./cert-manager-values";
import { kedaParts, kedaPorts } from "./keda-values";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Rule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Network policies of a name space, by name. */
export type Policies = Readonly<Record<string, Spec>>;

export interface Ranges {
  readonly vpcCidr: string;
  /** Subnets of the nodes, and of the control plane's interfaces. */
  readonly privateCidrs: readonly string[];
  readonly serviceCidr: string;
}

/** What every operator's name space has: shut, but for DNS and the API server. */
export const operatorBase = ({ privateCidrs, serviceCidr }: Ranges) => ({
  "default-deny": defaultDeny,
  "allow-dns": allowDns(serviceCidr),
  "allow-api-server": {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [apiServer(serviceCidr, privateCidrs)],
  },
});

/** Lets the API server in, which calls webhooks and metrics servers from its own interfaces. */
export const fromApiServer = (podSelector: Spec["podSelector"], port: number, { privateCidrs }: Ranges) => ({
  podSelector,
  policyTypes: ["Ingress"],
  ingress: [{ from: blocks(privateCidrs), ports: tcp(port) }],
});

/** A way out for some pods. */
export const outward = (name: string, ...egress: Rule[]): Spec => ({
  podSelector: named(name),
  policyTypes: ["Egress"],
  egress,
});

const toPods = ({ port, ...pods }: AskedPods): Rule => ({ to: [peer(pods)], ports: tcp(port) });

const toPrometheus = toPods(prometheusPeer);
/** NATS' servers, in the name spaces of the systems that have some. */
const toNats = (namespaces: readonly string[], port: number) =>
  namespaces.map((namespace) => toPods({ namespace, name: natsLabels["app.kubernetes.io/name"], port }));

/**
 * What the Service `keda-operator` selects by. A way out to pods opens the Service in front of them only where its
 * selector meets the policy's: AWS' agent filters before the Service's address becomes a pod's. The chart's Service
 * knows `app` alone; its pods carry both labels. Source: amazon-network-policy-controller-k8s,
 * `pkg/resolvers/endpoints.go`; chart keda 2.20, `templates/manager/service.yaml`.
 */
const kedaOperatorService = { matchLabels: { app: kedaParts.operator } };

/**
 * KEDA: the API server asks its metrics server and its webhooks, the metrics server the operator; and that asks NATS,
 * queues and Prometheus how much there is to do.
 */
export const kedaPolicies = (ranges: Ranges, { natsNamespaces }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  "allow-metrics": fromApiServer(named(kedaParts.metricServer), kedaPorts.metrics, ranges),
  "allow-webhooks": fromApiServer(named(kedaParts.webhooks), kedaPorts.webhooks, ranges),
  "allow-to-operator": {
    podSelector: named(kedaParts.metricServer),
    policyTypes: ["Egress"],
    egress: [{ to: [{ podSelector: kedaOperatorService }], ports: tcp(kedaPorts.operator) }],
  },
  "allow-from-metrics": {
    podSelector: named(kedaParts.operator),
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: named(kedaParts.metricServer) }], ports: tcp(kedaPorts.operator) }],
  },
  // Queues over NAT; over an interface endpoint they lie in the private subnets, which are open already.
  "allow-sources": outward(
    kedaParts.operator,
    { to: [internet(ranges)], ports: tcp(443) },
    podIdentityAgent,
    toPrometheus,
    ...toNats(natsNamespaces, natsMonitorPort),
  ),
});

/** Argo Rollouts: nobody calls it; it asks Prometheus, and versions that wait for the switch. */
export const argoRolloutsPolicies = (ranges: Ranges, { verified }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  "allow-prometheus": outward(operatorPeers.argoRollouts.name, toPrometheus),
  ...(verified.length === 0
    ? {}
    : {
        "allow-verification": outward(operatorPeers.argoRollouts.name, ...verified.map(toPods)),
      }),
});

/** NACK: it logs in to the servers as any client does. */
export const nackPolicies = (ranges: Ranges, { natsNamespaces }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  // A rule without peers would open everything.
  ...(natsNamespaces.length === 0
    ? {}
    : { "allow-nats": outward(operatorPeers.nack.name, ...toNats(natsNamespaces, natsPorts.client)) }),
});

/** Reloader: it talks to the API server alone. */
export const reloaderPolicies = (ranges: Ranges): Policies => operatorBase(ranges);

/** VPA's recommender: metrics come through the API server. */
export const verticalPodAutoscalerPolicies = (ranges: Ranges): Policies => operatorBase(ranges);

/** cert-manager: how its pods are labelled is the add-on's business, and only the webhook listens on this port. */
export const certManagerPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  "allow-webhook": fromApiServer({}, certManagerWebhookPort, ranges),
});
