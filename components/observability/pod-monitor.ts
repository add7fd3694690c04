import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Time between two scrapes. Source: TAPWORK's document; the rates of `expressions.ts` are taken over four of them. */
const interval = "30s";

export interface PodMonitorArgs {
  /** Name, namespace and labels of the object: the name is also that of what is scraped. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Labels of the pods that are scraped. */
  readonly pods: Readonly<Record<string, string>>;
  /** Name of the container's port. */
  readonly port: string;
  readonly path: string;
  /** Service that leads to the pods: the label `service` of every figure, which the expressions ask for. */
  readonly service: string;
  /** Keep the labels `namespace` and `pod` that the metrics have themselves. Default: Prometheus' own win. */
  readonly honorLabels?: true;
}

/** How Prometheus scrapes some pods. It adds `namespace`, `pod` and `container` by itself. */
export function podMonitorSpec({ pods, port, path, service, honorLabels }: Omit<PodMonitorArgs, "metadata">) {
  const relabelings = [{ action: "replace", targetLabel: "service", replacement: service }];
  return {
    selector: { matchLabels: pods },
    podMetricsEndpoints: [{ port, path, interval, relabelings, ...(honorLabels && { honorLabels }) }],
  };
}

/**
 * Has Prometheus scrape some pods.
 *
 * @param waitsFor The namespace, and what defines the kind.
 */
export const podMonitor = (
  name: string,
  { metadata, ...what }: PodMonitorArgs,
  waitsFor: readonly pulumi.Resource[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource =>
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata,
      spec: podMonitorSpec(what),
    },
    { ...opts, dependsOn: [...waitsFor] },
  );
