import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { physicalName } from "../base/naming";
import { prometheusAddress } from "../base/operators";
import type { Recoverable } from "../base/store";
import type { ConfiguredSystem } from "./configured-systems";
import { Syslog } from "../edge/syslog";
import type { RegionResources } from "./resources";
import { Access, needsAccess } from "../system/access";
import { dumpAccess } from "../system/dumps";
import { streamAccess } from "../system/stream-backups";
import { secretEntries, SecretReaders } from "../system/secrets/readers";
import { withRegistry } from "../system/release";
import { storeAlarms } from "../system/store-alarms";
import { Stores } from "../system/stores";
import { System } from "../system/system";
import { builds, Images, type References } from "../workload/built-images";

/** Creates a system's stores, all of them AWS resources. */
function storesOf(
  parent: Component,
  { spec, settings }: ConfiguredSystem,
  shared: RegionResources,
): Stores["outputs"] {
  const { context, keys, network } = shared;
  const { zones } = shared.settings.edge;
  return new Stores(
    parent.child(spec.name, "stores"),
    {
      context,
      spec,
      settings,
      zones,
      backups: shared.settings.backups,
      keys,
      network: network.dataNetwork(spec.name),
      rotationDays: shared.settings.credentials.rotationDays,
      interfaceEndpoints: shared.settings.network.interfaceEndpoints,
      databaseLogDays: shared.settings.storage.databaseLogDays,
      alarmTopicArn: shared.alarms.arn,
      accessLogs: shared.accessLogs,
      held: shared.shares[spec.name]?.held,
    },
    parent.inside,
  ).outputs;
}

/** Images that the stack file builds, by their name in it. */
function imagesOf(
  parent: Component,
  { spec, settings }: ConfiguredSystem,
  shared: RegionResources,
): References {
  if (!builds(settings.workloads)) return {};
  const { registry, cluster } = shared.settings;
  return new Images(
    parent.child(spec.name, "images"),
    {
      workloads: settings.workloads,
      reference: (image) => withRegistry(image, registry),
      architecture: cluster.nodePool.architecture,
    },
    parent.inside,
  ).references;
}

/** The load balancer for syslog messages, if the stack file names their senders. */
function syslogOf(
  parent: Component,
  { spec, settings: { syslog } }: ConfiguredSystem,
  shared: RegionResources,
) {
  const [port] = Object.values(spec.workloads).flatMap(({ listen }) => listen?.syslog ?? []);
  const certificateArn = syslog && shared.certificates.arns[syslog.host];
  if (syslog === undefined || port === undefined || certificateArn === undefined) return undefined;
  const { context, network, accessLogs } = shared;
  const { tlsPolicy, zones } = shared.settings.edge;
  return new Syslog(
    parent.child(spec.name, "syslog"),
    {
      context,
      system: spec.name,
      settings: syslog,
      port,
      network,
      certificateArn,
      tlsPolicy,
      zones,
      clusterName: physicalName("cluster", context.prefix),
      accessLogs,
      alarmTopicArn: shared.alarms.arn,
    },
    parent.inside,
  );
}

/** What a region needs to know about a system that it has created. */
export interface SystemInRegion {
  /** Addresses of the load balancer, from the system's Ingresses. */
  readonly addresses: readonly pulumi.Output<string>[];
  /** Stores that AWS Backup backs up, by `<system>-<store>`. */
  readonly recoverable: Readonly<Record<string, Recoverable>>;
  /** Outputs of its stores. */
  readonly stores: Stores["outputs"];
  /** The pods of the last stage of a release. */
  readonly released: readonly pulumi.Resource[];
}

/**
 * One system of a region: its stores and their permissions outside the components that use the cluster's provider, and
 * its workloads inside.
 */
export function systemInRegion(
  parent: Component,
  system: ConfiguredSystem,
  shared: RegionResources,
): SystemInRegion {
  const { spec, settings } = system;
  const { context, cluster, platform } = shared;
  const stores = storesOf(parent, system, shared);
  storeAlarms(parent, `${spec.name}-alarms`, {
    context,
    spec,
    settings,
    stores,
    alarmTopicArn: shared.alarms.arn,
    except: Object.keys(shared.shares[spec.name]?.held ?? {}),
  });
  const associations = needsAccess(spec, stores)
    ? new Access(
        parent.child(spec.name, "access"),
        { spec, stores, clusterName: cluster.clusterName },
        parent.inside,
      ).associations
    : {};
  const passive = shared.passive.includes(spec.name);
  // The region that writes the data backs it up.
  const backups = passive
    ? { ...shared.settings.backups, dumps: undefined, streams: undefined }
    : shared.settings.backups;
  const backingUp = {
    context,
    spec,
    backups,
    stores,
    clusterName: cluster.clusterName,
    keyArn: shared.keys.data,
    alarmTopicArn: shared.alarms.arn,
  };
  const readers = new SecretReaders(
    parent.child(spec.name, "secrets"),
    {
      context,
      keys: shared.keys,
      system: spec.name,
      entries: secretEntries(spec, stores),
      operatorRoleArn: cluster.externalSecrets.roleArn,
    },
    parent.inside,
  );
  const { addresses, released } = new System(
    parent.child(spec.name),
    {
      context,
      spec,
      settings,
      backups,
      passive,
      after: shared.shares[spec.name]?.after ?? [],
      backupAccess: { ...dumpAccess(parent, backingUp), ...streamAccess(parent, backingUp) },
      registry: shared.settings.registry,
      mirrors: shared.settings.imageMirrors,
      images: imagesOf(parent, system, shared),
      kubernetesVersion: shared.settings.cluster.version,
      addresses: { ...shared.addresses, isolatedCidrs: shared.network.dataSubnets[spec.name]?.cidrs ?? [] },
      zones: shared.settings.edge.zones,
      stores,
      associations,
      readers: readers.arns,
      externalSecrets: platform.externalSecrets,
      storageClass: platform.storageClass,
      operators: platform.operators,
      prometheus: platform.operators.prometheus && prometheusAddress,
      traced: shared.settings.traces !== undefined,
      namespacesWaitFor: [...platform.priorityClasses, ...platform.admission],
      certificates: shared.certificates.arns,
      loadBalancer: shared.loadBalancer,
      cdn: shared.cdn,
      failover: shared.failover,
      syslog: syslogOf(parent, system, shared),
      filesDriver: cluster.filesDriver,
    },
    { ...parent.inside, providers: { kubernetes: cluster.provider } },
  );
  const recoverable = Object.entries(stores).flatMap(([store, { recoverable: one }]) =>
    one === undefined ? [] : [[`${spec.name}-${store}`, one] as const],
  );
  return { addresses, recoverable: Object.fromEntries(recoverable), stores, released };
}
