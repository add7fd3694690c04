import { named, peer, tcp, type PodsOf } from "../../network/pod-traffic";
import { prometheusPeer } from "../../operator-peers";
import { scrapedNamespaces } from "../../workload/namespace";
import { operatorBase, outward, type Policies, type Ranges } from "./policies";

export interface PrometheusWays {
  /** Ports on which the pods of labelled name spaces tell their metrics. */
  readonly ports: readonly number[];
  /** Who asks Prometheus. */
  readonly askers: readonly PodsOf[];
}

/** Prometheus: it asks the workloads of labelled name spaces, and is asked by what scales and releases them. */
export const prometheusPolicies = (ranges: Ranges, { ports, askers }: PrometheusWays): Policies => ({
  ...operatorBase(ranges),
  // A rule without peers, or without ports, would open everything.
  ...(askers.length === 0
    ? {}
    : {
        "allow-queries": {
          podSelector: named(prometheusPeer.name),
          policyTypes: ["Ingress"],
          ingress: [{ from: askers.map(peer), ports: tcp(prometheusPeer.port) }],
        },
      }),
  ...(ports.length === 0
    ? {}
    : {
        "allow-metrics": outward(prometheusPeer.name, {
          to: [{ namespaceSelector: { matchLabels: scrapedNamespaces } }],
          ports: tcp(...ports),
        }),
      }),
});
