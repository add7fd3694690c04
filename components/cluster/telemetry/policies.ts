import { prometheusPeer } from "../../base/operators";
import { httpsPort } from "../../base/ports";
import {
  blocks,
  named,
  peer,
  podIdentityAgent,
  tcp,
  type PodsOf,
  httpsToInternet,
} from "../../network/pod-traffic";
import { jaegerPort } from "../../observability/telemetry/jaeger-config";
import type { LogTarget } from "../../observability/telemetry/agent-config";
import { telemetryPeers, telemetryPorts } from "../../observability/telemetry/ports";
import { operatorBase, outward, toPods, type Policies, type Ranges } from "../operators/policies";

const { agent, gateway, jaeger } = telemetryPeers;
const { grpc, http, metrics, spanMetrics } = telemetryPorts;

interface Ways {
  readonly ranges: Ranges;
  /** Default: logs aren't collected. */
  readonly target: LogTarget | undefined;
  /** The platform's isolated subnets, in which the domain is. */
  readonly searchCidrs: readonly string[];
  /** Whether Prometheus scrapes the collectors. */
  readonly scraped: boolean;
  /** Workloads that send spans; empty: none are collected. */
  readonly senders: readonly PodsOf[];
}

const into = (name: string, from: ReturnType<typeof peer>[], ...ports: number[]) => ({
  podSelector: named(name),
  policyTypes: ["Ingress"],
  ingress: [{ from, ports: tcp(...ports) }],
});

const scrapes = (name: string, ...ports: number[]) => into(name, [peer(prometheusPeer)], ...ports);

/** To the domain, signed with the role of the pod. */
const toSearch = (name: string, cidrs: readonly string[]) =>
  outward(name, { to: blocks(cidrs), ports: tcp(httpsPort) }, podIdentityAgent);

/** Traffic of the nodes' collectors: to the store, to the gateway, and from the workloads that send spans. */
export const agentPolicies = ({ ranges, target, searchCidrs, senders, scraped }: Ways): Policies => ({
  ...operatorBase(ranges),
  ...(scraped ? { "allow-scrape": scrapes(agent.name, metrics) } : {}),
  ...(target?.store === "opensearch" ? { "allow-search": toSearch(agent.name, searchCidrs) } : {}),
  // CloudWatch Logs is reached over NAT.
  ...(target?.store === "cloudwatch"
    ? {
        "allow-cloudwatch": outward(agent.name, httpsToInternet(ranges), podIdentityAgent),
      }
    : {}),
  ...(senders.length === 0
    ? {}
    : {
        "allow-spans": into(agent.name, senders.map(peer), grpc, http),
        "allow-gateway": outward(agent.name, toPods({ ...gateway, port: grpc })),
      }),
});

/** Traffic of the gateway and of Jaeger. */
export const gatewayPolicies = (
  {
    ranges,
    searchCidrs,
    scraped,
    publicCidrs,
  }: Pick<Ways, "ranges" | "searchCidrs" | "scraped"> & {
    /** The load balancer's subnets; empty: Jaeger has no page. */
    readonly publicCidrs: readonly string[];
  },
  { stored }: { readonly stored: boolean },
): Policies => ({
  ...operatorBase(ranges),
  "allow-agents": into(gateway.name, [peer(agent)], grpc),
  ...(scraped ? { "allow-scrape": scrapes(gateway.name, metrics, spanMetrics) } : {}),
  ...(scraped && stored ? { "allow-scrape-jaeger": scrapes(jaeger.name, metrics) } : {}),
  ...(stored
    ? {
        "allow-jaeger": outward(gateway.name, toPods({ ...jaeger, port: grpc })),
        "allow-gateway": into(jaeger.name, [peer(gateway)], grpc),
        "allow-search": toSearch(jaeger.name, searchCidrs),
        ...(publicCidrs.length === 0
          ? {}
          : {
              "allow-load-balancer": {
                podSelector: named(jaeger.name),
                policyTypes: ["Ingress"],
                ingress: [{ from: blocks(publicCidrs), ports: tcp(jaegerPort) }],
              },
            }),
      }
    : {}),
});

/** Ports on which the collectors serve metrics. */
export const telemetryMetricsPorts: readonly number[] = [metrics, spanMetrics];
