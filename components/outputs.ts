import type * as pulumi from "@pulumi/pulumi";
import { publicChecks, recoveryRows, standbyPrefix, type RecoveryRow, type Settings } from "../config";
import { physicalName } from "./base/naming";
import type { ConfiguredSystem } from "./region/configured-systems";
import { pageHosts } from "./region/pages";
import type { Region } from "./region/region";

/** Access to a region's cluster. */
interface ClusterOutputs {
  readonly clusterName: pulumi.Output<string>;
  /** Command that points kubectl at the cluster. */
  readonly kubeconfigCommand: string;
}

/** Stack outputs for the people who use the environment. None of them is secret. */
export interface EnvironmentOutputs extends ClusterOutputs {
  /** The second region's cluster, if there is one. */
  readonly standby?: ClusterOutputs;
  /** Public URLs by system and host. */
  readonly urls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Recovery time and lost data per failure, by system, derived from the settings. */
  readonly recovery: Readonly<Record<string, readonly RecoveryRow[]>>;
  /** URLs of the team's pages, behind single sign-on. */
  readonly pages: Readonly<Record<string, string>>;
  /** URLs that the smoke test requests (`.ci/smoke`), and the expected status. Default: any below 400. */
  readonly smoke: readonly { readonly url: string; readonly status?: number }[];
}

/** The outputs of an environment, with those of the second region's cluster if it has one. */
export const environmentOutputs = (
  settings: Settings,
  systems: readonly ConfiguredSystem[],
  primary: Region,
  warm: Region | undefined,
): EnvironmentOutputs => ({
  ...clusterOutputs(primary, settings.account.region, settings.prefix),
  ...(warm === undefined || settings.standby === undefined
    ? {}
    : { standby: clusterOutputs(warm, settings.standby.region, standbyPrefix(settings)) }),
  urls: Object.fromEntries(systems.map(({ spec, settings: { hosts } }) => [spec.name, urlsOf(hosts)])),
  recovery: Object.fromEntries(
    systems.map((system) => [system.spec.name, recoveryRows({ ...settings, ...system })]),
  ),
  pages: urlsOf(pageHosts(settings)),
  smoke: systems.flatMap(smokeChecks),
});

const clusterOutputs = ({ cluster }: Region, region: string, prefix: string): ClusterOutputs => ({
  clusterName: cluster.clusterName,
  kubeconfigCommand: `aws eks update-kubeconfig --region ${region} --name ${physicalName("cluster", prefix)}`,
});

const urlsOf = (hosts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(hosts).map(([key, host]) => [key, `https://${host}`]));

const smokeChecks = ({ spec, settings }: ConfiguredSystem): EnvironmentOutputs["smoke"] =>
  Object.entries(settings.hosts).flatMap(([key, host]) =>
    publicChecks(spec, key, settings).map(({ path, status }) => ({
      url: `https://${host}${path}`,
      ...(status === undefined ? {} : { status }),
    })),
  );
