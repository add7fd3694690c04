import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { LogSettings, MirrorSettings, TraceSettings } from "../../../config";
import { Component } from "../../base/component";
import type { Context } from "../../base/context";
import { agentConfig } from "../../observability/telemetry/agent-config";
import { gatewayConfig } from "../../observability/telemetry/gateway-config";
import { jaegerConfig, jaegerPort } from "../../observability/telemetry/jaeger-config";
import { telemetryPeers, telemetryPorts } from "../../observability/telemetry/ports";
import { telemetryMonitors } from "./monitors";
import { agentNamespace, gatewayNamespace, gatewaySizes, type TelemetryNamespaceArgs } from "./namespaces";
import { nodeAgent } from "./node-agent";
import { collectorConfig, collectorDeployment, type CollectorPod } from "./pods";

export interface TelemetryArgs extends TelemetryNamespaceArgs {
  readonly context: Context;
  readonly logs: LogSettings | undefined;
  readonly mirrors: MirrorSettings;
}

/**
 * Collects logs and traces: a collector on every node, a gateway that samples traces, and Jaeger, which stores and
 * shows them. Give it the cluster's Kubernetes provider.
 */
export class Telemetry extends Component {
  /** Jaeger's page, for the load balancer. Default: it has none. */
  readonly page:
    | {
        readonly namespace: string;
        readonly service: { readonly name: string; readonly port: number };
        readonly host: string;
        readonly waitsFor: readonly pulumi.Resource[];
      }
    | undefined;

  constructor(
    name: string,
    private readonly args: TelemetryArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:cluster:Telemetry", name, opts);
    const agent = this.agent();
    const { traces } = args;
    const home = traces && gatewayNamespace(this, args, traces);
    const jaeger = home && this.stored ? this.jaeger(traces.replicas, home) : undefined;
    const gateway = home && this.gateway(traces, home);
    this.page =
      jaeger === undefined || traces?.host === undefined
        ? undefined
        : {
            namespace: telemetryPeers.jaeger.namespace,
            service: { name: telemetryPeers.jaeger.name, port: jaegerPort },
            host: traces.host,
            waitsFor: [jaeger],
          };
    telemetryMonitors(this, { ...args, stored: this.stored, agent, gateway });
    this.registerOutputs();
  }

  /** Endpoint of the domain, for its writers. */
  private get search(): k8s.types.input.core.v1.EnvVar[] {
    const endpoint = this.args.stores?.endpoint;
    return endpoint === undefined ? [] : [{ name: "SEARCH_ENDPOINT", value: endpoint }];
  }

  private agent(): k8s.apps.v1.DaemonSet {
    const { stores, traces, mirrors } = this.args;
    const target = stores?.target;
    const { namespace, name } = telemetryPeers.agent;
    const home = agentNamespace(this, this.args);
    const config = agentConfig({ logs: target, traces: traces !== undefined });
    return nodeAgent(
      this,
      {
        mirrors,
        environment: this.search,
        config: collectorConfig(this, "agent", { namespace, name, config }, home),
      },
      {
        traces: traces !== undefined,
        waitsFor: [home, ...(stores === undefined ? [] : [stores.associations.agent])],
      },
    );
  }

  /** Whether there is a domain to keep traces in. */
  private get stored(): boolean {
    return this.args.stores?.target.store === "opensearch";
  }

  private gateway(traces: TraceSettings, home: pulumi.Resource): k8s.apps.v1.Deployment {
    const { grpc, metrics, spanMetrics } = telemetryPorts;
    return collectorDeployment(
      this,
      "gateway",
      this.pod("gateway", "collector", gatewayConfig(traces, { stored: this.stored }), home, {
        "otlp-grpc": grpc,
        metrics,
        "span-metrics": spanMetrics,
      }),
      // Collectors choose the pod by the trace id, so they need the address of every pod.
      { replicas: traces.replicas, headless: true, waitsFor: [home] },
    );
  }

  private jaeger(replicas: number, home: pulumi.Resource): k8s.apps.v1.Deployment {
    const { context, logs, stores } = this.args;
    const copies = logs?.store === "opensearch" && logs.nodes.count > 1 ? 1 : 0;
    const { grpc, metrics } = telemetryPorts;
    const association = stores?.associations.jaeger;
    return collectorDeployment(
      this,
      "jaeger",
      this.pod("jaeger", "jaeger", jaegerConfig({ region: context.region, copies }), home, {
        "otlp-grpc": grpc,
        page: jaegerPort,
        metrics,
      }),
      { replicas, waitsFor: [home, ...(association === undefined ? [] : [association])] },
    );
  }

  private pod(
    key: "gateway" | "jaeger",
    image: CollectorPod["image"],
    config: object,
    home: pulumi.Resource,
    ports: CollectorPod["ports"],
  ): CollectorPod {
    const peer = telemetryPeers[key];
    return {
      ...peer,
      image,
      ports,
      mirrors: this.args.mirrors,
      size: gatewaySizes[key],
      environment: key === "jaeger" ? this.search : [],
      config: collectorConfig(this, key, { ...peer, config }, home),
    };
  }
}
