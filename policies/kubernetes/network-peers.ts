import { isEverywhere } from "../lib/networks";
import { isLater, isRecord, plain } from "../lib/wire";

export interface Selector {
  matchLabels?: Record<string, unknown>;
  matchExpressions?: unknown[];
}
export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr?: string; except?: string[] };
}
interface Port {
  port?: number | string;
  endPort?: number;
  protocol?: string;
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: Port[];
}
export interface Spec {
  podSelector?: Selector;
  policyTypes?: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** Every rule of a NetworkPolicy, with its direction and peers. */
export function rulesOf(
  spec: Spec,
): { side: "ingress" | "egress"; index: number; peers: Peer[]; ports: Port[] }[] {
  return (["ingress", "egress"] as const).flatMap((side) =>
    (spec[side] ?? []).map((rule, index) => ({
      side,
      index,
      peers: (side === "ingress" ? rule.from : rule.to) ?? [],
      ports: rule.ports ?? [],
    })),
  );
}

export const specOf = (props: unknown): Spec => {
  const { spec } = plain(props) as { spec?: Spec };
  return isRecord(spec) ? spec : {};
};
export const empty = (selector: unknown) => !isRecord(selector) || Object.keys(selector).length === 0;
export const selectsAll = (selector: Selector | undefined) =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions?.length ?? 0) === 0;

/** What a peer allows too widely, regardless of the stack's networks. */
export function peerFault(peer: Peer, side: "ingress" | "egress"): string | undefined {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (namespaceSelector !== undefined && selectsAll(namespaceSelector)) return "the pods of all namespaces";
  if (ipBlock === undefined) {
    if (podSelector === undefined && namespaceSelector === undefined) return "all addresses (an empty peer)";
    // Ingress must select pods by label. Egress may allow all pods of labelled namespaces.
    const unnamed = podSelector === undefined ? side === "ingress" : selectsAll(podSelector);
    return unnamed ? "all pods of a namespace" : undefined;
  }
  if (isLater(ipBlock.cidr)) return undefined;
  if (ipBlock.cidr === undefined) return "all addresses (an ipBlock without cidr)";
  if (!isEverywhere(ipBlock.cidr ?? "")) return undefined;
  if (side === "ingress") return "the internet";
  return (ipBlock.except?.length ?? 0) === 0
    ? "the internet and the VPC (an ipBlock without except)"
    : undefined;
}
