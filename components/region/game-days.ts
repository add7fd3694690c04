import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GameDaySettings } from "../../config";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { serviceRole, trustOf } from "../base/service-role";
import type { Recoverable } from "../base/store";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

export interface GameDaysArgs extends Pick<RegionResources, "context" | "settings" | "network"> {
  readonly systems: readonly ConfiguredSystem[];
  /** The databases, by `<system>-<store>`, among others. */
  readonly recoverable: Readonly<Record<string, Recoverable>>;
  /** The load balancer's alarms. Without them nothing would stop an experiment, and there is none. */
  readonly balancerAlarms: Readonly<Record<string, aws.cloudwatch.MetricAlarm>>;
}

/** What a template has in addition to its description, actions and targets. */
type Common = Pick<aws.fis.ExperimentTemplateArgs, "roleArn" | "stopConditions" | "experimentOptions">;

/**
 * Experiments of AWS FIS, which are started manually: one disrupts the network of a zone, one fails over a database.
 * FIS stops and reverts an experiment when an alarm on the load balancer's errors is raised.
 *
 * None stops nodes: Auto Mode's are EC2 managed instances, which only EKS may stop. Source: Amazon EKS user guide, Auto
 * Mode managed instances. docs/runbooks/game-day.md drains them.
 */
export function gameDaysInRegion(
  parent: Component,
  { context, settings, network, balancerAlarms, systems, recoverable }: GameDaysArgs,
): void {
  const { gameDays } = settings;
  const stops = Object.entries(balancerAlarms).flatMap(([key, alarm]) =>
    key.endsWith("errors") ? [alarm] : [],
  );
  if (gameDays === undefined || stops.length === 0) return;
  const databases = withStandby(systems, recoverable);
  const common: Common = {
    roleArn: role(parent, context, Object.values(databases)),
    // By name, which a preview knows.
    stopConditions: stops.map(({ name }) => ({
      source: "aws:cloudwatch:alarm",
      value: pulumi.interpolate`arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${name}`,
    })),
    experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
  };
  for (const zone of settings.network.zones)
    zoneExperiment(parent, zone, { context, settings: gameDays, vpcId: network.vpcId, common });
  for (const [key, arn] of Object.entries(databases)) failover(parent, key, arn, context, common);
}

/** ARNs of the databases with a standby: the others only restart. */
function withStandby(
  systems: readonly ConfiguredSystem[],
  recoverable: Readonly<Record<string, Recoverable>>,
): Record<string, pulumi.Input<string>> {
  const keys = systems.flatMap(({ spec, settings }) =>
    Object.entries(settings.stores.postgres)
      .filter(([, { multiAz }]) => multiAz)
      .map(([store]) => `${spec.name}-${store}`),
  );
  return Object.fromEntries(
    keys.flatMap((key) => (recoverable[key] === undefined ? [] : [[key, recoverable[key].arn] as const])),
  );
}

/** All traffic of the subnets to other subnets is denied, as when the zone's network is down. */
function zoneExperiment(
  parent: Component,
  zone: string,
  {
    context,
    settings,
    vpcId,
    common,
  }: {
    readonly context: Context;
    readonly settings: GameDaySettings;
    readonly vpcId: pulumi.Input<string>;
    readonly common: Common;
  },
): void {
  const tags = ["Project", "Environment"].map((key) => ({ key, value: context.tags[key] ?? "" }));
  new aws.fis.ExperimentTemplate(
    parent.child("game-days", zone),
    {
      ...common,
      description: `${context.prefix}: disrupt connectivity of ${zone}`,
      targets: [
        {
          name: "subnets",
          resourceType: "aws:ec2:subnet",
          selectionMode: "ALL",
          resourceTags: tags,
          parameters: { availabilityZoneIdentifier: zone, vpc: vpcId },
        },
      ],
      actions: [
        {
          name: "cut-off",
          actionId: "aws:network:disrupt-connectivity",
          parameters: [
            { key: "duration", value: `PT${settings.zoneMinutes}M` },
            { key: "scope", value: "all" },
          ],
          target: { key: "Subnets", value: "subnets" },
        },
      ],
      tags: { Name: `${context.prefix}-cut-${zone}-off` },
    },
    parent.inside,
  );
}

function failover(
  parent: Component,
  key: string,
  arn: pulumi.Input<string>,
  { prefix }: Context,
  common: Common,
): void {
  new aws.fis.ExperimentTemplate(
    parent.child("game-days", key),
    {
      ...common,
      description: `${prefix}: fail over ${key} to its standby`,
      targets: [{ name: "database", resourceType: "aws:rds:db", selectionMode: "ALL", resourceArns: [arn] }],
      actions: [
        {
          name: "fail-over",
          actionId: "aws:rds:reboot-db-instances",
          parameters: [{ key: "forceFailover", value: "true" }],
          target: { key: "DBInstances", value: "database" },
        },
      ],
      tags: { Name: `${prefix}-fail-${key}-over` },
    },
    parent.inside,
  );
}

/** Source of the actions' rights: AWS FIS user guide, actions reference. */
function role(
  parent: Component,
  { accountId }: Context,
  databases: readonly pulumi.Input<string>[],
): pulumi.Output<string> {
  return serviceRole(parent, "game-days-role", {
    description: "Lets AWS FIS run game day experiments",
    trust: trustOf("fis.amazonaws.com", accountId),
    statements: [
      // Neither has resource-level permissions.
      {
        Sid: "FindTargets",
        Effect: "Allow",
        Action: ["rds:DescribeDBInstances", "tag:GetResources"],
        Resource: "*",
      },
      ...(databases.length === 0
        ? []
        : [
            {
              Sid: "FailOver",
              Effect: "Allow" as const,
              Action: "rds:RebootDBInstance",
              Resource: [...databases],
            },
          ]),
    ],
    // Changes network ACLs that FIS created, by their tag, and their association with subnets.
    managed: {
      "game-days-role-network":
        "arn:aws:iam::aws:policy/service-role/AWSFaultInjectionSimulatorNetworkAccess",
    },
  }).arn;
}
