import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { publicChecks, recoveryRows, type RecoveryRow, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { physicalName } from "./base/naming";
import { Region } from "./region";
import { environmentTags } from "./base/tags";

/** What an environment shows to the people who use it: no secret is among it. */
export interface EnvironmentOutputs {
  readonly clusterName: pulumi.Output<string>;
  /** Command that points kubectl at the cluster. */
  readonly kubeconfigCommand: string;
  /** Public URLs by system and host. */
  readonly urls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What each failure costs a system: recovery time and data, derived from the settings. */
  readonly recovery: Readonly<Record<string, readonly RecoveryRow[]>>;
  /** What the smoke test asks (`.ci/smoke`), and the answer that is right where not any below 400 is. */
  readonly smoke: readonly { readonly url: string; readonly status?: number }[];
}

/** One environment: its providers, its regions, and what it shows. */
export function environment(settings: Settings, catalog: Catalog): EnvironmentOutputs {
  const { account } = settings;
  const provider = new aws.Provider("primary", {
    region: account.region as aws.Region,
    allowedAccountIds: [account.id],
    defaultTags: { tags: environmentTags(settings) },
  });
  const primary = new Region(
    "primary",
    { settings, catalog },
    { providers: { aws: provider, random: new random.Provider("random") } },
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
