import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Directory of the certificate authorities of databases in pods. Connection strings refer to files in it. */
export const trustPath = "/etc/plinth/trust";

/** An egress destination of pods that refer to a store or call a network. */
export type Destination =
  /** The isolated subnets of the store's own system. */
  | { readonly kind: "isolated"; readonly ports: readonly number[] }
  /** The internet, through NAT. */
  | { readonly kind: "internet"; readonly ports: readonly number[] }
  /** The nodes' subnets, which also contain the interface endpoints of AWS services. */
  | { readonly kind: "private"; readonly ports: readonly number[] }
  /** An external network. Addresses of the VPC in its range stay closed. */
  | { readonly kind: "network"; readonly cidrs: readonly string[]; readonly ports: readonly number[] }
  /** Pods of the cluster, by namespace and `app.kubernetes.io/name`. */
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly name: string;
      readonly ports: readonly number[];
    };

/** Metrics of a store in CloudWatch: their namespace, and the dimensions of each instance or node that has metrics. */
export interface Metrics {
  readonly namespace: string;
  readonly dimensions: readonly Readonly<Record<string, string>>[];
}

/**
 * The text of an output. `property` returns the placeholder of one of the entry's properties; `reader` is the name of
 * the workload that reads the output.
 */
export type Composition = (property: (name: string) => string, reader: string) => pulumi.Input<string>;

/** Certificate of the authority that signs a store's certificate, in a Secret in the readers' namespace. */
export interface Authority {
  readonly secret: string;
  /** Key of the Secret, and name of the file. */
  readonly key: string;
  /** Directory of the file in pods that read the store. */
  readonly path: string;
}

export interface DatabaseServer {
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly database: string;
}

/** The rotation of an entry. */
export interface Rotation {
  readonly entryArn: pulumi.Input<string>;
  /** ARN of the function, known once Secrets Manager may call it. */
  readonly functionArn: pulumi.Input<string>;
  /** Days between two rotations. */
  readonly days: number;
  /** Resources that write the entry's first version, which rotation needs. */
  readonly filledBy: readonly pulumi.Resource[];
}

/** A database whose roles a job in the cluster creates before any workload logs in. */
export interface RolesToMake extends DatabaseServer {
  /** Role that owns the objects that workloads create. */
  readonly owner: string;
  /** Major version. It determines the versions of the extensions. */
  readonly version: string;
  /** Entry of the master user. */
  readonly master: {
    readonly entry: string;
    readonly filledBy: readonly pulumi.Resource[];
    /** Version of the entry's value. Undefined: it isn't known here. */
    readonly version?: pulumi.Output<string> | undefined;
  };
  /** Rotation of the logins, once they exist. Default: none. */
  readonly rotation?: Rotation;
}

/** A store that AWS Backup backs up, and what a restore next to it needs. */
export interface Recoverable {
  readonly arn: pulumi.Input<string>;
  /** Its kind, as AWS Backup names it. */
  readonly type: "RDS" | "EFS" | "S3";
  /** Metadata of a restore that AWS Backup can't infer. A list is a JSON string. Default: none. */
  readonly restore?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Outputs of a store for the workloads that refer to it, the same for every kind of store. */
export interface StoreOutputs {
  /** Outputs that aren't secret, by name. */
  readonly plain: Readonly<Record<string, pulumi.Input<string>>>;
  /** Outputs that aren't secret and differ by workload, given its name. */
  readonly personal?: Readonly<Record<string, (reader: string) => string>>;
  /** Secrets Manager entry that holds the secret outputs, one JSON property each, and the resource that fills it. */
  readonly secret?: {
    readonly entry: string;
    readonly filledBy: readonly pulumi.Resource[];
    /** Version that Pulumi wrote. Undefined: the entry is filled manually. */
    readonly version?: pulumi.Output<string>;
    /** Outputs composed from the entry's properties where they are read, such as connection strings. */
    readonly composed?: Readonly<Record<string, Composition>>;
  };
  /** Dependencies of workloads that read the store: leaf resources, never components. */
  readonly ready: readonly pulumi.Resource[];
  readonly destinations: readonly Destination[];
  /** IAM statements granted to workloads that refer to any output of the store. */
  readonly grants: readonly pulumi.Input<aws.iam.PolicyStatement>[];
  /** Further IAM statements granted by a reference to one output, by output. */
  readonly grantsByOutput?: Readonly<Record<string, readonly pulumi.Input<aws.iam.PolicyStatement>[]>>;
  /** `<file system>::<access point>` of a store that pods mount, known once it can be mounted. */
  readonly volume?: pulumi.Output<string>;
  /** The store's metrics in CloudWatch, for alarms and dashboards. */
  readonly metrics?: Metrics;
  /** The database itself, without a proxy. */
  readonly server?: DatabaseServer;
  /** Roles that a job creates before a workload uses the store. Default: none. */
  readonly roles?: RolesToMake;
  /** The resource that AWS Backup backs up. Default: none. */
  readonly recoverable?: Recoverable;
  /** A bucket's name, and what must exist before it is replicated, versioning above all. */
  readonly replicable?: { readonly bucket: string; readonly ready: readonly pulumi.Resource[] };
  /** Id of a file system, which a second region may have a copy of. */
  readonly fileSystemId?: pulumi.Input<string>;
  /** Server that dumps are read from: a read replica if there is one, otherwise the primary. */
  readonly dumpSource?: { readonly host: pulumi.Input<string>; readonly port: number };
  /** Clients verify its certificate with the mounted certificate authorities. */
  readonly verified?: true;
  /** Clients verify its certificate with this private authority. */
  readonly authority?: Authority;
}
