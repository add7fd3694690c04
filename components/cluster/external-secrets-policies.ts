import type * as k8s from "@pulumi/kubernetes";
import {
  allowDns,
  apiServer,
  blocks,
  defaultDeny,
  internet,
  podIdentityAgent,
  tcp,
} from "../network/pod-traffic";
import { parts, webhookPort } from "./external-secrets-values";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface Ranges {
  readonly vpcCidr: string;
  /** Subnets of the nodes, and of the control plane's interfaces. */
  readonly privateCidrs: readonly string[];
  readonly serviceCidr: string;
}

const select = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });

/** Network policies of the operator's name space, by name: all else stays shut. */
export function externalSecretsPolicies({
  vpcCidr,
  privateCidrs,
  serviceCidr,
}: Ranges): Record<string, Policy> {
  return {
    "default-deny": defaultDeny,
    "allow-dns": allowDns(serviceCidr),
    "allow-api-server": {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [apiServer(serviceCidr, privateCidrs)],
    },
    // Secrets Manager over NAT; over an interface endpoint it lies in the private subnets, which are open already.
    "allow-secrets-manager": {
      podSelector: select(parts.operator),
      policyTypes: ["Egress"],
      egress: [{ to: [internet(vpcCidr)], ports: tcp(443) }, podIdentityAgent],
    },
    // The API server asks the webhook from its own interfaces.
    "allow-webhook": {
      podSelector: select(parts.webhook),
      policyTypes: ["Ingress"],
      ingress: [{ from: blocks(privateCidrs), ports: tcp(webhookPort) }],
    },
  };
}
