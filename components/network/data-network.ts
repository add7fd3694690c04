import type * as pulumi from "@pulumi/pulumi";

/** The network of one data store. */
export interface StoreNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** The system's isolated subnets, one per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Zones of the subnets: read replicas are spread across them. */
  readonly zones: readonly string[];
  /** Security group of the store. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Security group attached to the cluster's nodes. */
  readonly nodeSecurityGroupId: pulumi.Input<string>;
  /** Security group of the function that rotates the store's logins; undefined: no rotation. */
  readonly rotationSecurityGroupId?: pulumi.Input<string> | undefined;
}

/** The network of a system's stores. */
export interface DataNetwork {
  /** The network of the data store with this key. Throws when the network was created without it. */
  store(key: string): StoreNetwork;
  /** Private subnets with NAT, for functions. */
  readonly functionSubnetIds: readonly pulumi.Input<string>[];
}
