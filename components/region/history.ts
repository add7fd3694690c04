import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import type { History } from "../cluster/operators/history";
import { metricsStore } from "../observability/metrics-store";

/** The workspace for long-term metrics; undefined: the stack file has none. */
export function historyInRegion(
  parent: Component,
  { cluster: { operators } }: Pick<Settings, "cluster">,
  { context, keys }: { readonly context: Context; readonly keys: KeyArns },
): (History & { readonly arn: pulumi.Output<string> }) | undefined {
  const days = operators.prometheus?.historyDays;
  if (days === undefined) return undefined;
  const store = metricsStore(parent, "metrics", { context, days, keyArn: keys.data });
  return { ...store, region: context.region, cluster: context.prefix };
}
