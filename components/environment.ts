import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  firstRegion,
  passiveSystems,
  publicChecks,
  recoveryRows,
  standbyPrefix,
  type RecoveryRow,
  type Settings,
} from "../config";
import type { Catalog } from "../systems/spec";
import { physicalName } from "./base/naming";
import { subscription } from "./edge/shield";
import { auditInRegions } from "./audit-in-regions";
import { NightSchedule } from "./night-schedule";
import { pageHosts } from "./region/pages";
import { configuredSystems } from "./region/configured-systems";
import { Region } from "./region/region";
import { collected } from "./base/collected";
import { boundedBy } from "./base/boundary";
import { monthlyBudget } from "./observability/budget";
import { awsProvider, cdnOf, failoverOf, globalProvider } from "./global";
import { Standby } from "./standby/standby";
import { warmRegion } from "./standby/warm-region";

/** Stack outputs for the people who use the environment. None of them is secret. */
export interface EnvironmentOutputs {
  readonly clusterName: pulumi.Output<string>;
  /** Command that points kubectl at the cluster. */
  readonly kubeconfigCommand: string;
  /** The second region's cluster, if there is one. */
  readonly standby?: Pick<EnvironmentOutputs, "clusterName" | "kubeconfigCommand">;
  /** Public URLs by system and host. */
  readonly urls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Recovery time and lost data per failure, by system, derived from the settings. */
  readonly recovery: Readonly<Record<string, readonly RecoveryRow[]>>;
  /** URLs of the team's pages, behind single sign-on. */
  readonly pages: Readonly<Record<string, string>>;
  /** URLs that the smoke test requests (`.ci/smoke`), and the expected status. Default: any below 400. */
  readonly smoke: readonly { readonly url: string; readonly status?: number }[];
}

/** One environment: its providers, its regions, and its outputs. */
export function environment(settings: Settings, catalog: Catalog): EnvironmentOutputs {
  const { account } = settings;
  const provider = awsProvider("primary", settings, account.region);
  const randomProvider = new random.Provider("random");
  const shield = settings.edge.shieldAdvanced ? [subscription("shield", provider)] : [];
  monthlyBudget("budget", settings, provider);
  const global = globalProvider(settings);
  const cdn = cdnOf(settings, catalog, { aws: global, random: randomProvider }, shield);
  const failover = failoverOf(settings, catalog, global, cdn);
  const standbyLogs = collected<aws.cloudwatch.LogGroup>("aws:cloudwatch/logGroup:LogGroup");
  const second = secondRegion(settings, catalog, randomProvider, standbyLogs.transformation);
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
        databases: configuredSystems(settings, catalog)
          .filter(({ settings: { stores } }) => Object.keys(stores.postgres).length > 0)
          .map(({ spec }) => spec.name),
        alarms: Object.values(alarms.found),
        alarmTopicArn: primary.alarmTopicArn,
      },
      { parent: primary },
    );
  const urls = Object.entries(settings.systems).flatMap(([system, amounts]) =>
    amounts === undefined
      ? []
      : [
          [
            system,
            Object.fromEntries(Object.entries(amounts.hosts).map(([key, host]) => [key, `https://${host}`])),
          ],
        ],
  );
  return {
    clusterName: primary.cluster.clusterName,
    kubeconfigCommand: kubeconfigCommand(account.region, settings.prefix),
    ...(second === undefined || warm === undefined
      ? {}
      : {
          standby: {
            clusterName: warm.cluster.clusterName,
            kubeconfigCommand: kubeconfigCommand(second.standby.region, standbyPrefix(settings)),
          },
        }),
    urls: Object.fromEntries(urls) as EnvironmentOutputs["urls"],
    recovery: recoveryOf(settings, catalog),
    pages: Object.fromEntries(
      Object.entries(pageHosts(settings)).map(([part, host]) => [part, `https://${host}`]),
    ),
    smoke: smokeChecks(settings, catalog),
  };
}

const kubeconfigCommand = (region: string, prefix: string): string =>
  `aws eks update-kubeconfig --region ${region} --name ${physicalName("cluster", prefix)}`;

/** Recovery time and lost data per failure, by system. */
const recoveryOf = (settings: Settings, catalog: Catalog): EnvironmentOutputs["recovery"] =>
  Object.fromEntries(
    Object.entries(settings.systems).flatMap(([name, amounts]) => {
      const spec = catalog[name];
      return amounts === undefined || spec === undefined
        ? []
        : [[name, recoveryRows({ ...settings, spec, settings: amounts })]];
    }),
  );

/** The second region, if the stack file has one, with its provider. */
function secondRegion(
  settings: Settings,
  catalog: Catalog,
  randomProvider: random.Provider,
  transformation: pulumi.ResourceTransformation,
) {
  const { standby } = settings;
  if (standby === undefined) return undefined;
  const provider = awsProvider("standby", settings, standby.region);
  const args = { settings, standby, systems: configuredSystems(settings, catalog) };
  const region = new Standby("standby", args, {
    providers: { aws: provider, random: randomProvider },
    transformations: [...boundedBy(settings.permissionsBoundary), transformation],
  });
  return { ...args, provider, region };
}

const smokeChecks = ({ systems }: Settings, catalog: Catalog): EnvironmentOutputs["smoke"] =>
  Object.entries(systems).flatMap(([name, amounts]) => {
    const spec = catalog[name];
    if (amounts === undefined || spec === undefined) return [];
    return Object.entries(amounts.hosts).flatMap(([key, host]) =>
      publicChecks(spec, key, amounts).map(({ path, status }) => ({
        url: `https://${host}${path}`,
        ...(status === undefined ? {} : { status }),
      })),
    );
  });
