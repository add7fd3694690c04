import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import type { Component } from "../base/component";
import { ServiceAccountRole } from "../security/service-account-role";
import { filesDriver, filesDriverAccounts, mayFindFiles } from "./files-driver";
import { certManager, certManagerConfiguration } from "./operators/cert-manager";

interface Addons {
  /** The add-on that mounts shared files, with the permissions of its two parts. */
  readonly filesDriver: pulumi.Resource;
  readonly certManager: pulumi.Resource;
}

/** EKS add-ons, each pinned to a version. They become ready once there are nodes to run on. */
export function clusterAddons(
  parent: Component,
  { addons }: Pick<ClusterSettings, "addons">,
  clusterName: pulumi.Output<string>,
): Addons {
  const addon = (
    addonName: keyof typeof addons,
    addonVersion: string,
    more: { dependsOn?: pulumi.Resource[]; configuration?: object } = {},
  ) =>
    new aws.eks.Addon(
      parent.child(addonName),
      {
        clusterName,
        addonName,
        addonVersion,
        ...(more.configuration === undefined
          ? {}
          : { configurationValues: JSON.stringify(more.configuration) }),
        resolveConflictsOnCreate: "OVERWRITE",
        // An update of the add-on keeps settings changed in the cluster.
        resolveConflictsOnUpdate: "PRESERVE",
      },
      { ...parent.inside, dependsOn: more.dependsOn ?? [] },
    );
  const rights = Object.entries(filesDriverAccounts).map(
    ([key, serviceAccount]) =>
      new ServiceAccountRole(
        parent.child("files", key),
        { clusterName, namespace: "kube-system", serviceAccount, statements: mayFindFiles },
        parent.inside,
      ).association,
  );
  addon("metrics-server", addons["metrics-server"]);
  const { version, replicas } = addons[certManager];
  return {
    filesDriver: addon(filesDriver, addons[filesDriver], { dependsOn: rights }),
    certManager: addon(certManager, version, { configuration: certManagerConfiguration(replicas) }),
  };
}
