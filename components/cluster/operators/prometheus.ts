import type * as pulumi from "@pulumi/pulumi";
import type { PrometheusSettings } from "../../../config";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import type { Ranges } from "./policies";
import { prometheusPolicies, type PrometheusWays } from "./prometheus-policies";
import { prometheusSizes, prometheusValues } from "./prometheus-values";
import { operatorQuota } from "./sizes";
import { operatorCharts } from "./table";

export interface PrometheusArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "priorityClasses" | "waitsFor"
> {
  readonly settings: PrometheusSettings;
  /** Class of the servers' volumes. */
  readonly storageClass: string;
  readonly ranges: Ranges;
  readonly ways: PrometheusWays;
}

/** Prometheus and the operator that keeps it: it knows how the workloads do, for what scales and releases them. */
export class Prometheus extends ChartOperator {
  constructor(
    name: string,
    { settings, storageClass, ranges, ways, ...rest }: PrometheusArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(
      "plinth:cluster:Prometheus",
      name,
      {
        ...rest,
        ...{ chart: operatorCharts.prometheus, version: settings.chart },
        values: prometheusValues(settings, storageClass),
        quota: operatorQuota(prometheusSizes, settings.replicas),
        policies: prometheusPolicies(ranges, ways),
      },
      opts,
    );
    this.registerOutputs();
  }
}
