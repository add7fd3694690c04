import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { publicChecks, recoveryRows, type RecoveryRow, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { physicalName } from "./base/naming";
import { contextOf } from "./base/context";
import { Cdn, cdnRegion } from "./edge/cdn";
import { cdnHosts } from "./edge/cdn-paths";
import { limits } from "./edge/cdn-origin";
import { subscription } from "./edge/shield";
import { AuditCopies, collectedLogGroups } from "./audit-copies";
import { collectedAlarms, NightSchedule } from "./night-schedule";
import { pageHosts } from "./pages-in-region";
import { configuredSystems } from "./configured-systems";
import { Region } from "./region";
import { boundedBy } from "./base/boundary";
import { monthlyBudget } from "./observability/budget";
import { environmentTags } from "./base/tags";
import { Standby } from "./standby";

/** Stack outputs for the people who use the environment. None of them is secret. */
export interface EnvironmentOutputs {
  readonly clusterName: pulumi.Output<string>;
  /** Command that points kubectl at the cluster. */
  readonly kubeconfigCommand: string;
  /** Public URLs by system and host. */
  readonly urls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What each failure costs a system: recovery time and data, derived from the settings. */
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
  const cdn = cdnOf(settings, catalog, randomProvider, shield);
  const second = secondRegion(settings, catalog, randomProvider);
  const { alarms, transformation } = collectedAlarms();
  const logs = collectedLogGroups();
  const primary = new Region(
    "primary",
    { settings, catalog, cdn, copies: second?.region.copies },
    {
      providers: { aws: provider, random: randomProvider },
      transformations: [...boundedBy(settings.permissionsBoundary), transformation, logs.transformation],
      dependsOn: shield,
    },
  );
  second?.region.hold({
    ...second,
    originals: primary.systems,
    first: { keyArn: primary.keys.data, provider, alarmTopicArn: primary.alarmTopicArn },
  });
  if (settings.audit !== undefined)
    new AuditCopies(
      "primary-audit",
      { ...primary, context: contextOf(settings), settings: settings.audit, groups: logs.groups },
      { parent: primary },
    );
  if (settings.costs.schedule !== undefined)
    new NightSchedule(
      "primary-schedule",
      {
        settings,
        databases: configuredSystems(settings, catalog)
          .filter(({ settings: { stores } }) => Object.keys(stores.postgres).length > 0)
          .map(({ spec }) => spec.name),
        alarms,
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
    kubeconfigCommand: `aws eks update-kubeconfig --region ${account.region} --name ${physicalName("cluster", settings.prefix)}`,
    urls: Object.fromEntries(urls) as EnvironmentOutputs["urls"],
    recovery: recoveryOf(settings, catalog),
    pages: Object.fromEntries(
      Object.entries(pageHosts(settings)).map(([part, host]) => [part, `https://${host}`]),
    ),
    smoke: smokeChecks(settings, catalog),
  };
}

/** What each failure costs, by system. */
const recoveryOf = (settings: Settings, catalog: Catalog): EnvironmentOutputs["recovery"] =>
  Object.fromEntries(
    Object.entries(settings.systems).flatMap(([name, amounts]) => {
      const spec = catalog[name];
      return amounts === undefined || spec === undefined
        ? []
        : [[name, recoveryRows({ ...settings, spec, settings: amounts })]];
    }),
  );

const awsProvider = (name: string, settings: Settings, region: string): aws.Provider =>
  new aws.Provider(name, {
    region: region as aws.Region,
    allowedAccountIds: [settings.account.id],
    defaultTags: { tags: environmentTags(settings) },
  });

/** The second region, where the stack file has one, and what it needs to hold copies. */
function secondRegion(settings: Settings, catalog: Catalog, randomProvider: random.Provider) {
  const { standby } = settings;
  if (standby === undefined) return undefined;
  const provider = awsProvider("standby", settings, standby.region);
  const args = { settings, standby, systems: configuredSystems(settings, catalog) };
  const region = new Standby("standby", args, {
    providers: { aws: provider, random: randomProvider },
    transformations: boundedBy(settings.permissionsBoundary),
  });
  return { ...args, provider, region };
}

/** The CDN, where the stack file has one and a system's description asks for it. */
function cdnOf(
  settings: Settings,
  catalog: Catalog,
  randomProvider: random.Provider,
  dependsOn: readonly pulumi.Resource[],
): Cdn | undefined {
  const { edge, alarms } = settings;
  const systems = configuredSystems(settings, catalog);
  const hosts = systems.flatMap(({ spec, settings: { hosts } }) => cdnHosts(spec, hosts));
  if (edge.cdn === undefined || hosts.length === 0) return undefined;
  const behind = new Set(hosts.map(({ host }) => host));
  return new Cdn(
    "cdn",
    {
      context: contextOf(settings),
      settings: edge.cdn,
      edge,
      alarms,
      hosts,
      limited: limits(systems, (host) => behind.has(host)),
    },
    {
      providers: { aws: awsProvider("us-east-1", settings, cdnRegion), random: randomProvider },
      transformations: boundedBy(settings.permissionsBoundary),
      dependsOn: [...dependsOn],
    },
  );
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
