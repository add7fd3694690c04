import type * as k8s from "@pulumi/kubernetes";
import { natsLabels } from "../../messaging/nats-values";
import { allowDns, apiServer, blocks, defaultDeny, named, peer, tcp } from "../../network/pod-traffic";
import { prometheusPeer, type AskedPods } from "../../base/operators";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Rule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Network policies of a namespace, by name. */
export type Policies = Readonly<Record<string, Spec>>;

export interface Ranges {
  readonly vpcCidr: string;
  /** Subnets of the nodes, and of the control plane's interfaces. */
  readonly privateCidrs: readonly string[];
  readonly serviceCidr: string;
}

/** Policies of every operator's namespace: all traffic denied except to DNS and the API server. */
export const operatorBase = ({ privateCidrs, serviceCidr }: Ranges) => ({
  "default-deny": defaultDeny,
  "allow-dns": allowDns(serviceCidr),
  "allow-api-server": {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [apiServer(serviceCidr, privateCidrs)],
  },
});

/** Ingress from the API server, which calls webhooks and metrics servers from its own network interfaces. */
export const fromApiServer = (podSelector: Spec["podSelector"], port: number, { privateCidrs }: Ranges) => ({
  podSelector,
  policyTypes: ["Ingress"],
  ingress: [{ from: blocks(privateCidrs), ports: tcp(port) }],
});

/** Egress of some pods. */
export const outward = (name: string, ...egress: Rule[]): Spec => ({
  podSelector: named(name),
  policyTypes: ["Egress"],
  egress,
});

/** Egress to some pods. */
export const toPods = ({ port, ...pods }: AskedPods): Rule => ({ to: [peer(pods)], ports: tcp(port) });

/** Egress to Prometheus. */
export const toPrometheus = toPods(prometheusPeer);
/** Egress to NATS servers in these namespaces. */
export const toNats = (namespaces: readonly string[], port: number) =>
  namespaces.map((namespace) => toPods({ namespace, name: natsLabels["app.kubernetes.io/name"], port }));
