import { z } from "zod";
import { replicas } from "./operators";
import { addonVersion } from "../values";

/** EKS add-ons by name, pinned. */
export const addons = z.strictObject({
  "metrics-server": addonVersion,
  "aws-efs-csi-driver": addonVersion,
  "cert-manager": z
    .strictObject({ version: addonVersion, replicas })
    .describe(
      "cert-manager, which issues the certificates for TLS inside the cluster, and the number of pods of each of its Deployments.",
    ),
});

export type AddonName = keyof z.infer<typeof addons>;

/**
 * Allowed builds of each add-on by the cluster's version: EKS offers each build only for some versions, and an `up`
 * with another one fails after the cluster is created. Add a new build here once AWS lists it; `docs/operators.md` has
 * the source of each.
 */
export const addonBuilds: Readonly<Record<string, Readonly<Record<AddonName, readonly string[]>>>> = {
  "1.35": {
    "metrics-server": ["v0.9.0-eksbuild.5"],
    "aws-efs-csi-driver": ["v3.4.2-eksbuild.1"],
    "cert-manager": ["v1.20.2-eksbuild.3"],
  },
  "1.36": {
    "metrics-server": ["v0.9.0-eksbuild.11"],
    "aws-efs-csi-driver": ["v3.4.2-eksbuild.1"],
    "cert-manager": ["v1.20.2-eksbuild.3"],
  },
};

/** Add-ons that aren't in the table for the cluster's version, with the command that lists AWS' builds. */
export function addonFaults(
  version: string,
  chosen: z.infer<typeof addons>,
): { path: string[]; message: string }[] {
  const known = addonBuilds[version];
  const versions = Object.keys(addonBuilds).join(", ");
  if (known === undefined)
    return [
      {
        path: ["version"],
        message: `one of ${versions}: for another, list what AWS offers (aws eks describe-addon-versions --kubernetes-version ${version}) and add a row to addonBuilds in config/cluster/addons.ts`,
      },
    ];
  return (Object.keys(known) as AddonName[]).flatMap((name) => {
    const addon = chosen[name];
    const build = typeof addon === "string" ? addon : addon.version;
    if (known[name].includes(build)) return [];
    return [
      {
        path: ["addons", name, ...(typeof addon === "string" ? [] : ["version"])],
        message: `one of ${known[name].join(", ")} for Kubernetes ${version}; for another, check that AWS offers it (aws eks describe-addon-versions --addon-name ${name} --kubernetes-version ${version}) and add it to addonBuilds in config/cluster/addons.ts`,
      },
    ];
  });
}
