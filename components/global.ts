import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import { failoverHosts, regionalHost, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { boundedBy } from "./base/boundary";
import { contextOf } from "./base/context";
import { environmentTags } from "./base/tags";
import { configuredSystems } from "./region/configured-systems";
import { Cdn, cdnRegion } from "./edge/cdn";
import { limits } from "./edge/cdn-origin";
import { cdnHosts } from "./edge/cdn-paths";
import { FailoverRecords, type Failover } from "./edge/failover";

/** What an environment has once, in any number of regions: the CDN, and the failover between two regions. */

/** AWS' provider of a region, for the environment's account alone. */
export const awsProvider = (name: string, settings: Settings, region: string): aws.Provider =>
  new aws.Provider(name, {
    region: region as aws.Region,
    allowedAccountIds: [settings.account.id],
    defaultTags: { tags: environmentTags(settings) },
  });

/** Names of a host in the active region and in the other one. */
function regionalHosts({ account, standby }: Settings, host: string): readonly [string, string] {
  const names = [account.region, standby?.region ?? account.region].map((region) =>
    regionalHost(host, region),
  );
  const [first = host, second = host] = standby?.active === "secondary" ? names.reverse() : names;
  return [first, second];
}

/** The provider of us-east-1, where CloudFront and Route 53 have their certificates, logs and metrics; made once. */
export function globalProvider(settings: Settings): () => aws.Provider {
  let made: aws.Provider | undefined;
  return () => (made ??= awsProvider("us-east-1", settings, cdnRegion));
}

/** The failover of hosts between two regions, where a system has a warm standby. */
export function failoverOf(
  settings: Settings,
  catalog: Catalog,
  provider: () => aws.Provider,
  cdn: Cdn | undefined,
): Failover["hosts"] | undefined {
  const { standby, account, edge, alarms } = settings;
  const hosts = failoverHosts(settings, catalog);
  if (standby === undefined || hosts.length === 0) return undefined;
  new FailoverRecords(
    "failover",
    {
      context: contextOf(settings),
      hosts,
      regions: { primary: account.region, secondary: standby.region },
      active: standby.active,
      zones: edge.zones,
      alarms,
      alarmTopicArn: cdn?.alarmTopicArn,
    },
    { providers: { aws: provider() }, transformations: boundedBy(settings.permissionsBoundary) },
  );
  return Object.fromEntries(hosts.map((each) => [each.host, each]));
}

/** The CDN, where the stack file has one and a system's description asks for it. */
export function cdnOf(
  settings: Settings,
  catalog: Catalog,
  providers: { readonly aws: () => aws.Provider; readonly random: random.Provider },
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
      regional: Object.fromEntries(
        failoverHosts(settings, catalog).map(({ host }) => [host, regionalHosts(settings, host)] as const),
      ),
    },
    {
      providers: { aws: providers.aws(), random: providers.random },
      transformations: boundedBy(settings.permissionsBoundary),
      dependsOn: [...dependsOn],
    },
  );
}
