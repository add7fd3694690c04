import * as aws from "@pulumi/aws";
import type { ClusterSettings } from "../../config";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { exactName } from "../base/naming";
import type { Network } from "../network/network";
import type { Roles } from "./roles";

export interface ControlPlaneArgs {
  readonly context: Context;
  readonly settings: ClusterSettings;
  /** Physical name, which is also in the network's tags. */
  readonly name: string;
  readonly network: Network;
  readonly keys: KeyArns;
  /** CIDR range of the cluster's Services. */
  readonly serviceCidr: string;
  readonly roles: Roles;
  /** Log group of the control plane. */
  readonly logGroup: aws.cloudwatch.LogGroup;
}

/** EKS' control plane in Auto Mode, once its log group exists. */
export const controlPlane = (
  parent: Component,
  key: string,
  { context, settings, name, network, keys, serviceCidr, roles, logGroup }: ControlPlaneArgs,
): aws.eks.Cluster =>
  new aws.eks.Cluster(
    parent.child(key),
    {
      name: exactName("cluster", name),
      version: settings.version,
      roleArn: roles.controlPlaneArn,
      // Access comes only from access entries, also for the identity that created the cluster.
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      ...autoMode(serviceCidr),
      vpcConfig: {
        // The control plane needs addresses but no egress, so it doesn't wait for the NAT gateways.
        subnetIds: [...network.privateSubnetIds],
        endpointPrivateAccess: true,
        ...publicEndpoint(settings.publicAccessCidrs),
      },
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: keys.cluster } },
      enabledClusterLogTypes: settings.logs,
      // EKS upgrades the version at the end of standard support; EXTENDED would cost six times as much.
      upgradePolicy: { supportType: "STANDARD" },
      // Allows shifting traffic away from an impaired zone, manually or by AWS.
      zonalShiftConfig: { enabled: true },
      deletionProtection: context.protect,
    },
    { ...parent.inside, protect: context.protect, dependsOn: [logGroup] },
  );

/**
 * The switches of Auto Mode, which AWS only accepts together. Both built-in node pools are off from the start: their
 * nodes have disks without our key, no tags and no limits, and add-ons that tolerate `CriticalAddonsOnly`
 * (metrics-server, the EFS driver) start nodes of the `system` pool. Pods run on the node pool of `Nodes`.
 *
 * AWS refuses `nodeRoleArn` without a built-in pool, and removing it later replaces the cluster.
 */
const autoMode = (serviceCidr: string) => ({
  bootstrapSelfManagedAddons: false,
  computeConfig: { enabled: true },
  kubernetesNetworkConfig: {
    ipFamily: "ipv4",
    serviceIpv4Cidr: serviceCidr,
    elasticLoadBalancing: { enabled: true },
  },
  storageConfig: { blockStorage: { enabled: true } },
});

/** A public endpoint only for the listed networks. Without any, the API is reachable only from the VPC. */
const publicEndpoint = (cidrs: readonly string[]) =>
  cidrs.length === 0
    ? { endpointPublicAccess: false }
    : { endpointPublicAccess: true, publicAccessCidrs: [...cidrs] };
