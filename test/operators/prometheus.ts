import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Cluster } from "../cluster/cluster";
import { ofKind } from "../cluster/manifests";
import type { KubeObject, Pod, Selector } from "../cluster/types";
import { ready } from "./pods";

interface PodMonitor extends KubeObject {
  spec: {
    selector: Selector;
    podMetricsEndpoints: {
      port: string;
      path: string;
      interval: string;
      relabelings?: { action: string; targetLabel: string; replacement: string }[];
    }[];
  };
}

interface Target {
  targets: string[];
  labels: Record<string, string>;
}

type Named = Pod & { status?: { podIP?: string } };

/**
 * Replaces the Prometheus operator and Prometheus' service discovery for PodMonitors: serves the list of pods to scrape
 * over HTTP.
 */
export class Discovery {
  private readonly server: Server;

  constructor(
    private readonly cluster: Cluster,
    private readonly monitors: readonly PodMonitor[],
  ) {
    this.server = createServer((request, response) => {
      this.targets(Number((request.url ?? "").slice(1))).then(
        (targets) =>
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(targets)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  static async start(cluster: Cluster, objects: readonly KubeObject[]): Promise<Discovery> {
    const discovery = new Discovery(cluster, ofKind<PodMonitor>(objects, "PodMonitor"));
    await new Promise<void>((resolve) => discovery.server.listen(0, "127.0.0.1", resolve));
    return discovery;
  }

  /** Prometheus' configuration: a job per monitor, with its interval and relabelling. */
  config(proxy: string): object {
    const { port } = this.server.address() as AddressInfo;
    return {
      scrape_configs: this.monitors.flatMap(({ metadata, spec }, index) =>
        spec.podMetricsEndpoints.map(({ path, interval, relabelings = [] }) => ({
          job_name: `${metadata.namespace ?? ""}/${metadata.name}`,
          metrics_path: path,
          scrape_interval: interval,
          proxy_url: proxy,
          http_sd_configs: [{ url: `http://127.0.0.1:${port}/${index}`, refresh_interval: "2s" }],
          relabel_configs: relabelings.map(({ action, targetLabel, replacement }) => ({
            action,
            target_label: targetLabel,
            replacement,
          })),
        })),
      ),
    };
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async targets(index: number): Promise<Target[]> {
    const monitor = this.monitors[index];
    if (monitor === undefined) return [];
    const { namespace = "" } = monitor.metadata;
    const pods: Named[] = await ready(this.cluster, namespace, monitor.spec.selector.matchLabels ?? {});
    return monitor.spec.podMetricsEndpoints.flatMap(({ port }) => pods.flatMap((pod) => target(pod, port)));
  }
}

/** With the labels that the operator adds for a PodMonitor. */
function target(pod: Named, port: string): Target[] {
  for (const { name, ports = [] } of pod.spec.containers as Container[]) {
    const found = ports.find((one) => one.name === port);
    if (found === undefined || pod.status?.podIP === undefined) continue;
    const { namespace = "" } = pod.metadata;
    const labels = { namespace, pod: pod.metadata.name, container: name, endpoint: port };
    return [{ targets: [`${pod.status.podIP}:${found.containerPort}`], labels }];
  }
  return [];
}

interface Container {
  name: string;
  ports?: { name?: string; containerPort: number }[];
}
