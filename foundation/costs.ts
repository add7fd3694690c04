import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import type { AccountCostSettings } from "../config";

export interface CostsArgs {
  readonly context: Pick<Context, "prefix">;
  readonly settings: AccountCostSettings;
  /** Recipients of the mail about anomalies, at most once a day. */
  readonly emails: readonly string[];
}

/**
 * Cost resources that exist once in an account: the monitor for anomalies in each service's costs, and the cost
 * allocation tags of bills and budgets.
 */
export class Costs extends Component {
  constructor(name: string, { context, settings, emails }: CostsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:foundation:Costs", name, opts);
    const { anomalies, allocationTags } = settings;
    if (anomalies !== undefined) this.anomalies(context.prefix, anomalies, emails);
    for (const tagKey of allocationTags)
      new aws.costexplorer.CostAllocationTag(
        this.child("tag", tagKey),
        { tagKey, status: "Active" },
        // Other stacks' budgets need the tag: destroying the foundation doesn't deactivate it.
        { ...this.inside, retainOnDelete: true },
      );
    this.registerOutputs();
  }

  /** An account can have one monitor of all services, and Cost Explorer may have created it. */
  private anomalies(
    prefix: string,
    { monitor, fromUsd }: NonNullable<AccountCostSettings["anomalies"]>,
    emails: readonly string[],
  ): void {
    const monitorArn =
      monitor === "create"
        ? new aws.costexplorer.AnomalyMonitor(
            this.child("monitor"),
            { name: `${prefix}-services`, monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
            this.inside,
          ).arn
        : monitor;
    new aws.costexplorer.AnomalySubscription(
      this.child("anomalies"),
      {
        name: `${prefix}-anomalies`,
        monitorArnLists: [monitorArn],
        frequency: "DAILY",
        subscribers: emails.map((address) => ({ type: "EMAIL", address })),
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(fromUsd)],
          },
        },
      },
      this.inside,
    );
  }
}
