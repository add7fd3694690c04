import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { publicChecks, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { physicalName } from "./base/naming";
import { Region } from "./region";
import { environmentTags } from "./base/tags";

/** Stack outputs for the people who use the environment. None of them is secret. */
export interface EnvironmentOutputs {
  readonly clusterName: pulumi.Output<string>;
  /** Command that points kubectl at the cluster. */
  readonly kubeconfigCommand: string;
  /** Public URLs by system and host. */
  readonly urls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** URLs that the smoke test requests (`.ci/smoke`), and the expected status. Default: any below 400. */
  readonly smoke: readonly { readonly url: string; readonly status?: number }[];
}

/** One environment: its providers, its regions, and its outputs. */
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
    smoke: smokeChecks(settings, catalog),
  };
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
