import { nameOf, type NetworkPolicy, type Pod } from "../types";
import type { Check, Finding } from "./check";

/** Every pod is selected by a policy that denies its namespace's traffic in both directions. */
export const network: Check = {
  name: "default-deny policies select every pod",
  async run({ cluster }) {
    const [pods, policies] = await Promise.all([
      cluster.list<Pod>("v1", "Pod"),
      cluster.list<NetworkPolicy>("networking.k8s.io/v1", "NetworkPolicy"),
    ]);
    return { examined: pods.length, findings: pods.flatMap((pod) => examine(pod, policies)) };
  },
};

function examine(pod: Pod, policies: readonly NetworkPolicy[]): Finding[] {
  const denying = policies.filter(
    ({ metadata, spec }) => metadata.namespace === pod.metadata.namespace && isEmpty(spec.podSelector ?? {}),
  );
  const open = (["Ingress", "Egress"] as const).filter(
    (way) => !denying.some((policy) => shuts(policy, way)),
  );
  if (open.length === 0) return [];
  return [
    { object: nameOf(pod), message: `no policy for all pods of its namespace denies ${open.join(" and ")}` },
  ];
}

/** Denies a direction: lists it in `policyTypes` and allows nothing. The server has set defaults by now. */
function shuts({ spec }: NetworkPolicy, way: "Ingress" | "Egress"): boolean {
  const rules = way === "Ingress" ? spec.ingress : spec.egress;
  return (spec.policyTypes ?? []).includes(way) && (rules ?? []).length === 0;
}

function isEmpty(selector: object): boolean {
  return Object.keys(selector).length === 0;
}
