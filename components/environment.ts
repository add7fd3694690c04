import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { firstRegion, passiveSystems, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { subscription } from "./edge/shield";
import { auditInRegions } from "./audit-in-regions";
import { NightSchedule } from "./night-schedule";
import { environmentOutputs, type EnvironmentOutputs } from "./outputs";
import { configuredSystems, type ConfiguredSystem } from "./region/configured-systems";
import { Region } from "./region/region";
import { collected } from "./base/collected";
import { boundedBy } from "./base/boundary";
import { monthlyBudget } from "./observability/budget";
import { awsProvider, cdnOf, failoverOf, globalProvider } from "./global";
import { Standby } from "./standby/standby";
import { warmRegion } from "./standby/warm-region";

/** One environment: its providers, its regions, and its outputs. */
export function environment(settings: Settings, catalog: Catalog): EnvironmentOutputs {
  const { account } = settings;
  const systems = configuredSystems(settings, catalog);
  const provider = awsProvider("primary", settings, account.region);
  const randomProvider = new random.Provider("random");
  const shield = settings.edge.shieldAdvanced ? [subscription("shield", provider)] : [];
  monthlyBudget("budget", settings, provider);
  const global = globalProvider(settings);
  const cdn = cdnOf(settings, catalog, { aws: global, random: randomProvider }, shield);
  const failover = failoverOf(settings, catalog, global, cdn);
  const standbyLogs = collected<aws.cloudwatch.LogGroup>("aws:cloudwatch/logGroup:LogGroup");
  const second = standbyOf(settings, systems, randomProvider, standbyLogs.transformation);
  const alarms = collected<aws.cloudwatch.MetricAlarm>("aws:cloudwatch/metricAlarm:MetricAlarm");
  const logs = collected<aws.cloudwatch.LogGroup>("aws:cloudwatch/logGroup:LogGroup");
  const primary = new Region(
    "primary",
    {
      settings: firstRegion(settings),
      catalog,
      cdn,
      copies: second?.region.copies,
      passive: passiveSystems(settings.standby, "primary"),
      failover: failover && { region: account.region, first: true, hosts: failover },
    },
    {
      providers: { aws: provider, random: randomProvider },
      transformations: [
        ...boundedBy(settings.permissionsBoundary),
        alarms.transformation,
        logs.transformation,
      ],
      dependsOn: shield,
    },
  );
  let warm: Region | undefined;
  if (second !== undefined) {
    const held = second.region.hold({
      ...second,
      originals: primary.systems,
      first: { keyArn: primary.keys.data, provider, alarmTopicArn: primary.alarmTopicArn },
    });
    warm = warmRegion(second.region, {
      settings,
      standby: second.standby,
      catalog,
      cdn,
      held,
      originals: primary.systems,
      hosts: failover,
    });
  }
  auditInRegions({
    settings,
    primary,
    cdn,
    global,
    standby: second?.region,
    groups: { primary: logs.found, standby: standbyLogs.found },
  });
  if (settings.costs.schedule !== undefined)
    new NightSchedule(
      "primary-schedule",
      {
        settings,
        databases: systems
          .filter(({ settings: { stores } }) => Object.keys(stores.postgres).length > 0)
          .map(({ spec }) => spec.name),
        alarms: Object.values(alarms.found),
        alarmTopicArn: primary.alarmTopicArn,
      },
      { parent: primary },
    );
  return environmentOutputs(settings, systems, primary, warm);
}

/** The second region, if the stack file has one, with its provider. */
function standbyOf(
  settings: Settings,
  systems: readonly ConfiguredSystem[],
  randomProvider: random.Provider,
  transformation: pulumi.ResourceTransformation,
) {
  const { standby } = settings;
  if (standby === undefined) return undefined;
  const provider = awsProvider("standby", settings, standby.region);
  const args = { settings, standby, systems };
  const region = new Standby("standby", args, {
    providers: { aws: provider, random: randomProvider },
    transformations: [...boundedBy(settings.permissionsBoundary), transformation],
  });
  return { ...args, provider, region };
}
