import type * as pulumi from "@pulumi/pulumi";
import type { Settings, SystemSettings } from "../config";
import type { SystemSpec } from "../systems/spec";
import type { Cluster } from "./cluster/cluster";
import type { Platform } from "./cluster/platform";
import type { Context } from "./base/context";
import type { Certificates } from "./edge/certificates";
import type { LoadBalancer } from "./edge/load-balancer";
import type { Network } from "./network/network";
import type { AlarmTopic } from "./observability/alarm-topic";
import { prometheusAddress } from "./base/operators";
import { builds, Images, type References } from "./workload/built-images";
import type { Keys } from "./security/keys";
import type { AccessLogs } from "./storage/access-logs";
import { Access, needsAccess } from "./system/access";
import { secretEntries, SecretReaders } from "./system/secret-readers";
import { withRegistry } from "./system/release";
import { Stores } from "./system/stores";
import { System } from "./system/system";
import type { Addresses } from "./workload/network-policy";

/** A system that the stack file names: its description and its amounts. */
export interface Chosen {
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
}

/** What the systems of a region share. */
export interface Ground {
  readonly context: Context;
  readonly settings: Settings;
  readonly keys: Keys;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly certificates: Certificates;
  readonly loadBalancer: LoadBalancer;
  /** Those that all systems share. */
  readonly addresses: Omit<Addresses, "isolatedCidrs">;
  readonly alarms: AlarmTopic;
  readonly accessLogs: AccessLogs;
}

interface Parent {
  readonly parent: pulumi.Resource;
}

type Child = (...parts: string[]) => string;

/** A system's stores: all of them belong to AWS. */
function storesOf({ spec, settings }: Chosen, ground: Ground, child: Child, opts: Parent): Stores["outputs"] {
  const { context, keys, network } = ground;
  const { zones } = ground.settings.edge;
  return new Stores(
    child(spec.name, "stores"),
    {
      context,
      spec,
      settings,
      zones,
      keys,
      vpcId: network.vpcId,
      nodeSecurityGroupId: network.nodeSecurityGroupId,
      isolatedSubnetIds: network.dataSubnets[spec.name]?.ids ?? [],
      availabilityZones: ground.settings.network.zones,
      securityGroupIds: network.dataSecurityGroupIds,
      rotationSecurityGroupIds: network.rotationSecurityGroupIds,
      privateSubnetIds: network.nodeSubnetIds,
      rotationDays: ground.settings.credentials.rotationDays,
      interfaceEndpoints: ground.settings.network.interfaceEndpoints,
      databaseLogDays: ground.settings.storage.databaseLogDays,
      alarmTopicArn: ground.alarms.arn,
      accessLogs: ground.accessLogs,
    },
    opts,
  ).outputs;
}

/** Images that the stack file says how to build, by the name that it gives them. */
function imagesOf({ spec, settings }: Chosen, ground: Ground, child: Child, opts: Parent): References {
  if (!builds(settings.workloads)) return {};
  const { registry, cluster } = ground.settings;
  return new Images(
    child(spec.name, "images"),
    {
      workloads: settings.workloads,
      reference: (image) => withRegistry(image, registry),
      architecture: cluster.nodePool.architecture,
    },
    opts,
  ).references;
}

/** One system of a region: its stores and their rights outside the cluster's components, and itself inside the cluster. */
export function systemInRegion(chosen: Chosen, ground: Ground, child: Child, opts: Parent): void {
  const { spec, settings } = chosen;
  const { context, cluster, platform } = ground;
  const stores = storesOf(chosen, ground, child, opts);
  const associations = needsAccess(spec, stores)
    ? new Access(child(spec.name, "access"), { spec, stores, clusterName: cluster.clusterName }, opts)
        .associations
    : {};
  const readers = new SecretReaders(
    child(spec.name, "secrets"),
    {
      ...{ context, keys: ground.keys, system: spec.name, entries: secretEntries(spec, stores) },
      operatorRoleArn: cluster.externalSecrets.roleArn,
    },
    opts,
  );
  new System(
    child(spec.name),
    {
      context,
      spec,
      settings,
      registry: ground.settings.registry,
      mirrors: ground.settings.imageMirrors,
      images: imagesOf(chosen, ground, child, opts),
      kubernetesVersion: ground.settings.cluster.version,
      addresses: { ...ground.addresses, isolatedCidrs: ground.network.dataSubnets[spec.name]?.cidrs ?? [] },
      zones: ground.settings.edge.zones,
      stores,
      associations,
      readers: readers.arns,
      externalSecrets: platform.externalSecrets,
      storageClass: platform.storageClass,
      operators: platform.operators,
      prometheus: platform.operators.prometheus && prometheusAddress,
      namespacesWaitFor: [...platform.priorityClasses, ...platform.admission],
      certificates: ground.certificates.arns,
      loadBalancer: ground.loadBalancer,
      filesDriver: cluster.filesDriver,
    },
    { ...opts, providers: { kubernetes: cluster.provider } },
  );
}
