import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import type { Context, KeyArns } from "../base/context";
import type { StoreOutputs } from "../base/store";
import type { Cluster } from "../cluster/cluster";
import type { Platform } from "../cluster/platform";
import type { Cdn } from "../edge/cdn";
import type { Certificates } from "../edge/certificates";
import type { Failover } from "../edge/failover";
import type { LoadBalancer } from "../edge/load-balancer";
import type { Network } from "../network/network";
import type { AlarmTopic } from "../observability/alarm-topic";
import type { AccessLogs } from "../storage/access-logs";
import type { VaultCopies } from "../storage/vault";
import type { Addresses } from "../workload/network-policy";

/** Destinations of the first region's replication. */
export interface Copies {
  readonly secrets: NonNullable<Context["secretCopies"]>;
  /** Default: recovery points aren't copied. */
  readonly vault?: VaultCopies | undefined;
}

/** Resources of a region that its cluster needs. */
export interface RegionBase {
  readonly context: Context;
  readonly keys: KeyArns;
  readonly network: Network;
  readonly alarms: AlarmTopic;
  readonly accessLogs: AccessLogs;
}

/** A system whose data another region has, too. */
export interface SharedSystem {
  /** Outputs of the stores that exist already, by store: copies of the other region's. */
  readonly held: Readonly<Record<string, StoreOutputs>>;
  /** Resources of the other region's release that must be ready before this region gets it. */
  readonly after: readonly pulumi.Resource[];
}

/** What the systems of a region share. */
export interface RegionResources extends RegionBase {
  readonly settings: Settings;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly certificates: Certificates;
  readonly loadBalancer: LoadBalancer;
  /** The CDN in front of the load balancer; undefined: none. */
  readonly cdn: Cdn | undefined;
  /** Addresses that all systems share. */
  readonly addresses: Omit<Addresses, "isolatedCidrs">;
  /** Systems whose database is written in another region: here they only read. */
  readonly passive: readonly string[];
  /** Systems with copies of another region's data, by name. */
  readonly shares: Readonly<Record<string, SharedSystem>>;
  /** What routes clients to the region that serves; undefined: there is no other region. */
  readonly failover: Failover | undefined;
}
