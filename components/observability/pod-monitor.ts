import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Time between two looks. Source: TAPWORK's document; the rates of `expressions.ts` are taken over four of them. */
const interval = "30s";

export interface PodMonitorArgs {
  /** Name, namespace and labels of the object: the name is also that of what is asked. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Labels of the pods that are asked, each for itself. */
  readonly pods: Readonly<Record<string, string>>;
  /** Name of the container's port. */
  readonly port: string;
  readonly path: string;
  /** Service that leads to the pods: the label `service` of every figure, which the expressions ask for. */
  readonly service: string;
}

/** What Prometheus asks some pods for. It adds `namespace`, `pod` and `container` by itself. */
export function podMonitorSpec({ pods, port, path, service }: Omit<PodMonitorArgs, "metadata">) {
  const relabelings = [{ action: "replace", targetLabel: "service", replacement: service }];
  return { selector: { matchLabels: pods }, podMetricsEndpoints: [{ port, path, interval, relabelings }] };
}

/**
 * Has Prometheus ask some pods for their metrics.
 *
 * @param waitsFor The namespace, and what brings the kind.
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
