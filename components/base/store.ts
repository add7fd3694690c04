import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Rotation } from "../data/rotation-schedule";

/**
 * Where pods find the certificates of the authorities that sign databases' certificates: connection strings name files
 * in it.
 */
export const trustPath = "/etc/plinth/trust";

/** Where packets go: what a pod that refers to a store, or calls a network, may reach. */
export type Destination =
  /** The isolated subnets of the store's own system. */
  | { readonly kind: "isolated"; readonly ports: readonly number[] }
  /** The internet, through the NAT gateways. */
  | { readonly kind: "internet"; readonly ports: readonly number[] }
  /** The nodes' own subnets, where interface endpoints of AWS services stand. */
  | { readonly kind: "private"; readonly ports: readonly number[] }
  /** A network elsewhere: the part of it that lies in the VPC stays closed. */
  | { readonly kind: "network"; readonly cidrs: readonly string[]; readonly ports: readonly number[] }
  /** Pods of the cluster, by namespace and `app.kubernetes.io/name`. */
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly name: string;
      readonly ports: readonly number[];
    };

/** Metrics of a store in CloudWatch: their namespace, and the dimensions of each part that has its own. */
export interface Metrics {
  readonly namespace: string;
  readonly dimensions: readonly Readonly<Record<string, string>>[];
}

/**
 * The text of an output; `property` gives what stands in it for one of the entry's properties, `reader` is the name of
 * the workload that reads it.
 */
export type Composition = (property: (name: string) => string, reader: string) => pulumi.Input<string>;

/** Certificate of the authority that signs a store's certificate, in a Secret of the readers' own namespace. */
export interface Authority {
  readonly secret: string;
  /** Key of the Secret, and name of the file. */
  readonly key: string;
  /** Directory of the file in who reads the store. */
  readonly path: string;
}

/** A database whose roles a job in the cluster makes before any workload logs in. */
export interface RolesToMake {
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly database: string;
  /** Role that owns what the workloads make. */
  readonly owner: string;
  /** Major version: another one has other versions of its extensions. */
  readonly version: string;
  /** Entry of the master user. */
  readonly master: { readonly entry: string; readonly filledBy: readonly pulumi.Resource[] };
  /** What rotates the logins, from when they are there. Default: nothing does. */
  readonly rotation?: Rotation;
}

/** What a store gives to the workloads that refer to it. Every kind of store has these, whatever it is made of. */
export interface StoreOutputs {
  /** Outputs that anyone may see, by name. */
  readonly plain: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same, of outputs that each workload has for itself: given its name. */
  readonly personal?: Readonly<Record<string, (reader: string) => string>>;
  /** Secrets Manager entry that holds the secret outputs, one JSON property each, and the resource that fills it. */
  readonly secret?: {
    readonly entry: string;
    readonly filledBy: readonly pulumi.Resource[];
    /** Version that Pulumi has written; undefined: people did. */
    readonly version?: pulumi.Output<string>;
    /** Outputs that are put together from the entry's properties where they are read, such as connection strings. */
    readonly composed?: Readonly<Record<string, Composition>>;
  };
  /** What a workload that reads the store waits for: leaf resources, never components. */
  readonly ready: readonly pulumi.Resource[];
  readonly destinations: readonly Destination[];
  /** IAM statements that a workload that refers to the store is granted, whichever output it refers to. */
  readonly grants: readonly pulumi.Input<aws.iam.PolicyStatement>[];
  /** IAM statements that a reference to one output grants beside those, by output. */
  readonly grantsByOutput?: Readonly<Record<string, readonly pulumi.Input<aws.iam.PolicyStatement>[]>>;
  /** `<file system>::<access point>` of a store that pods mount, known once it can be mounted. */
  readonly volume?: pulumi.Output<string>;
  /** The store's metrics in CloudWatch, for alarms and dashboards. */
  readonly metrics?: Metrics;
  /** Roles that are made before a workload uses the store. */
  readonly roles?: RolesToMake;
  /** ARN of what AWS Backup makes recovery points of. Default: it makes none. */
  readonly recoverable?: pulumi.Input<string>;
  /** Where a dump of the database is read from: a read replica where there is one, else the primary. */
  readonly dumpSource?: { readonly host: pulumi.Input<string>; readonly port: number };
  /** Who uses it verifies its certificate by the authorities that are mounted for it. */
  readonly verified?: true;
  /** Who uses it verifies its certificate by this authority of its own. */
  readonly authority?: Authority;
}
