import { advice, stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

interface AddonVersions {
  readonly addons: readonly {
    readonly addonVersions: readonly {
      readonly addonVersion: string;
      readonly compatibilities: readonly {
        readonly clusterVersion: string;
        readonly defaultVersion: boolean;
      }[];
    }[];
  }[];
}

interface ClusterVersions {
  readonly clusterVersions: readonly { readonly clusterVersion: string; readonly versionStatus: string }[];
}

/** Checks that EKS offers the Kubernetes version, in standard support. */
export async function kubernetesVersion({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  const { version } = settings.cluster;
  const { clusterVersions } = await aws<ClusterVersions>("eks", "describe-cluster-versions", "--include-all");
  const about = `Kubernetes ${version}`;
  const offered = clusterVersions.filter(({ versionStatus }) => versionStatus === "STANDARD_SUPPORT");
  const todo = `set plinth:cluster.version to one of ${offered.map(({ clusterVersion }) => clusterVersion).join(", ")}`;
  const status = clusterVersions.find(({ clusterVersion }) => clusterVersion === version)?.versionStatus;
  if (status === "STANDARD_SUPPORT") return [];
  if (status === "EXTENDED_SUPPORT")
    return [advice(about, "it is in extended support, which costs six times as much", todo)];
  return [stops(about, "EKS doesn't offer it", todo)];
}

/** Checks that EKS offers each add-on version of the program for this Kubernetes version. */
export async function addonVersions({ settings, ofType }: Plan, { aws }: World): Promise<Finding[]> {
  const { version } = settings.cluster;
  const addons = ofType("aws:eks/addon:Addon").map(
    ({ addonName, addonVersion }) => [addonName, addonVersion] as const,
  );
  const findings = await Promise.all(
    addons.map(async ([name, wanted]) => {
      const args = ["--kubernetes-version", version, "--addon-name", String(name)];
      const { addons: found } = await aws<AddonVersions>("eks", "describe-addon-versions", ...args);
      const offered = found.flatMap(({ addonVersions: versions }) => versions);
      if (offered.some(({ addonVersion }) => addonVersion === wanted)) return [];
      const standard = offered.find(({ compatibilities }) =>
        compatibilities.some((one) => one.clusterVersion === version && one.defaultVersion),
      );
      const versions = offered.map(({ addonVersion }) => addonVersion);
      const todo =
        versions.length === 0
          ? "remove it, or choose another Kubernetes version"
          : `use ${standard?.addonVersion ?? versions[0]}, EKS' default, or one of ${versions.slice(0, 5).join(", ")}`;
      return [stops(`add-on ${name}`, `EKS has no ${wanted} for Kubernetes ${version}`, todo)];
    }),
  );
  return findings.flat();
}
