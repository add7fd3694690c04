import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSettings } from "../../config";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { serviceRole, trustOf } from "../base/service-role";
import type { StoreNetwork } from "../network/data-network";
import { parameterFamily, parameters } from "./parameters";
import { sharedSettings, type SharedSettings } from "./shared-settings";

export interface InstancePartsArgs {
  readonly context: Context;
  readonly settings: PostgresSettings;
  readonly system: string;
  readonly store: string;
  readonly network: StoreNetwork;
  /** Key that encrypts storage and performance data. */
  readonly keyArn: pulumi.Input<string>;
}

/** Role for Enhanced Monitoring: RDS writes operating system metrics of this account's instances to CloudWatch. */
export const monitoringRole = (
  parent: Component,
  { accountId }: Pick<Context, "accountId">,
): pulumi.Output<string> =>
  serviceRole(parent, "monitoring", {
    trust: trustOf("monitoring.rds.amazonaws.com", accountId),
    managed: {
      "monitoring-policy": "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
  }).arn;

/** The subnets of a database's instances. */
export function databaseSubnets(
  parent: Component,
  { context, system, store, network }: Pick<InstancePartsArgs, "context" | "system" | "store" | "network">,
): aws.rds.SubnetGroup {
  // RDS stores the name in lower case: an upper-case letter would be a permanent diff.
  const name = physicalName("databaseSubnetGroup", context.prefix, system, store).toLowerCase();
  return new aws.rds.SubnetGroup(
    parent.child("subnets"),
    { name, subnetIds: [...network.subnetIds] },
    parent.inside,
  );
}

/** One per major version: an upgrade needs both. */
export const parameterGroup = (
  parent: Component,
  version: PostgresSettings["version"],
  set: PostgresSettings["parameters"],
): aws.rds.ParameterGroup =>
  new aws.rds.ParameterGroup(
    parent.child("parameters", version),
    { family: parameterFamily(version), parameters: parameters(set) },
    parent.inside,
  );

/** What the instances of a database with this parameter group share. */
export const instanceSettings = (
  { context, settings, network, keyArn }: InstancePartsArgs,
  group: aws.rds.ParameterGroup,
  monitoringRoleArn: pulumi.Input<string>,
): SharedSettings =>
  sharedSettings({
    protect: context.protect,
    maxStorage: settings.maxStorage,
    securityGroupId: network.securityGroupId,
    keyArn,
    parameterGroupName: group.name,
    monitoringRoleArn,
  });
