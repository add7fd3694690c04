import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where a store's packets go: what a pod that refers to the store may reach. */
export type Destination =
  /** The isolated subnets of the network. */
  | { readonly kind: "isolated"; readonly ports: readonly number[] }
  /** The world outside the VPC, over the NAT gateways. */
  | { readonly kind: "internet"; readonly ports: readonly number[] }
  /** Pods of the cluster, by namespace and `app.kubernetes.io/name`. */
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly name: string;
      readonly ports: readonly number[];
    };

/** What a store gives to the workloads that refer to it. Every kind of store has these, whatever it is made of. */
export interface StoreOutputs {
  /** Outputs that anyone may see, by name. */
  readonly plain: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets Manager entry that holds the secret outputs, one JSON property each, and the resource that fills it. */
  readonly secret?: { readonly entry: string; readonly filledBy: readonly pulumi.Resource[] };
  /** What a workload that reads the store waits for: leaf resources, never components. */
  readonly ready: readonly pulumi.Resource[];
  readonly destinations: readonly Destination[];
  /** IAM statements that a workload that refers to the store is granted. */
  readonly grants: readonly pulumi.Input<aws.iam.PolicyStatement>[];
}
