import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentType } from "../../base/component";
import { Namespace } from "../../workload/namespace";
import type { MirrorSettings } from "../../../config";
import { withMirrors } from "./chart-images";
import type { Policies } from "./policies";
import type { OperatorChart } from "./table";

/** Helm's timeout in seconds: a node may have to start first. */
const timeout = 600;

export interface ChartOperatorArgs {
  readonly chart: OperatorChart;
  /** The chart's version: exact. */
  readonly version: string;
  /** The chart's values. Plain values: each preview would show outputs as changed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Mirrors of the public registries of its images. Default: none. */
  readonly mirrors?: MirrorSettings | undefined;
  /** Quota of its namespace. */
  readonly quota: Readonly<Record<string, string>>;
  readonly policies: Policies;
  /** Whether Prometheus may scrape pods in its namespace. Default: no. */
  readonly servesMetrics?: boolean;
  /** Whether the load balancer sends requests to its pods. Default: no. */
  readonly behindLoadBalancer?: boolean;
  /** Minor version of the cluster: version of the Pod Security level. */
  readonly kubernetesVersion: string;
  readonly priorityClasses: readonly pulumi.Resource[];
  /** Leaf resources that must exist before the operator's pods. */
  readonly waitsFor: readonly pulumi.Resource[];
  /** Creates objects that its pods mount, in its namespace and before the chart. Default: none. */
  readonly before?: (parent: Component, namespace: Namespace) => readonly pulumi.Resource[];
}

/**
 * An operator from its official chart, in its own namespace, at the `restricted` level, with a quota and a default
 * deny.
 */
export abstract class ChartOperator extends Component {
  /** The release: once it exists, the operator runs and its kinds may be used. */
  readonly release: k8s.helm.v3.Release;
  protected readonly namespace: Namespace;
  /** Its namespace. */
  readonly home: pulumi.Resource;

  constructor(
    type: ComponentType,
    name: string,
    args: ChartOperatorArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, opts);
    const { chart, kubernetesVersion, quota, policies, priorityClasses } = args;
    const { servesMetrics = false, behindLoadBalancer = false } = args;
    this.namespace = new Namespace(
      this.child("namespace"),
      {
        namespaceName: chart.namespace,
        partOf: chart.chart,
        kubernetesVersion,
        quota,
        policies,
        servesMetrics,
        behindLoadBalancer,
        waitsFor: priorityClasses,
      },
      this.inside,
    );
    this.home = this.namespace.resource;
    const waitsFor = [...args.waitsFor, ...(args.before?.(this, this.namespace) ?? [])];
    this.release = this.install({ ...args, waitsFor }, this.namespace.resource);
  }

  private install(
    { chart, version, values, mirrors, waitsFor }: ChartOperatorArgs,
    namespace: pulumi.Resource,
  ): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
      this.child("release"),
      {
        name: chart.chart,
        chart: chart.chart,
        version,
        repositoryOpts: { repo: chart.repository },
        namespace: chart.namespace,
        // A failed installation is removed, so the next attempt can install again.
        atomic: true,
        cleanupOnFail: true,
        timeout,
        values: withMirrors(chart.chart, values, mirrors),
      },
      {
        ...this.inside,
        dependsOn: [namespace, ...waitsFor],
        // The checksum is of the downloaded archive, which differs between runs.
        ignoreChanges: ["checksum"],
      },
    );
  }
}

/** An operator that needs only its chart. */
export class Operator extends ChartOperator {
  constructor(name: string, args: ChartOperatorArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Operator", name, args, opts);
    this.registerOutputs();
  }
}
