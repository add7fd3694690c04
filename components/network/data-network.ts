import type * as pulumi from "@pulumi/pulumi";

/** What one data store needs of the network. */
export interface StoreNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** The system's isolated subnets, one a zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Zones of the subnets: read replicas are spread over them. */
  readonly zones: readonly string[];
  /** Security group of the store. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Security group attached to the cluster's nodes. */
  readonly nodeSecurityGroupId: pulumi.Input<string>;
  /** Security group of the function that rotates the store's logins; undefined: they aren't rotated. */
  readonly rotationSecurityGroupId?: pulumi.Input<string> | undefined;
}

/** What a system's stores need of the network. */
export interface DataNetwork {
  /** For the data store with this key; throws where the network was made without it. */
  store(key: string): StoreNetwork;
  /** Private subnets with NAT, for functions. */
  readonly functionSubnetIds: readonly pulumi.Input<string>[];
}
