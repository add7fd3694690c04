import type * as pulumi from "@pulumi/pulumi";
import type { BackupSettings, MirrorSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Context } from "../base/context";
import type { SecretStore } from "../base/external-secret";
import type { Operators } from "../base/operators";
import type { StoreOutputs } from "../base/store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { ReadSecret } from "../workload/restarts";
import type { Trust } from "../workload/trust";
import type { ReaderArns } from "./secrets/readers";

/** Arguments of a system in the cluster. */
export interface SystemBase {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly backups: BackupSettings;
  readonly kubernetesVersion: string;
  readonly addresses: Addresses;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** IAM roles that read the system's secrets. */
  readonly readers: ReaderArns;
  /** The External Secrets Operator. */
  readonly externalSecrets: pulumi.Resource;
  readonly operators: Operators;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Dependencies of namespaces: the priority classes and the admission policies. */
  readonly namespacesWaitFor: readonly pulumi.Resource[];
}

/** A namespace of a system, and the objects in it that its pods use. */
export interface SystemNamespace {
  readonly namespace: Namespace;
  /** The Secret that workloads read. */
  readonly secret: ReadSecret | undefined;
  /** Certificate authorities of databases for its pods; undefined: they use no database. */
  readonly trust: Trust | undefined;
  /** The authority of workloads that serve TLS, for pods that call them; undefined: no workload of the system does. */
  readonly serviceAuthority: pulumi.Resource | undefined;
}

/** A system whose namespaces exist: arguments of its stores, workloads and jobs. */
export interface SystemInCluster extends SystemBase {
  readonly namespaces: Readonly<Record<string, SystemNamespace>>;
  /** The ClusterSecretStore of its workloads' secrets; undefined: the system reads no secret. */
  readonly secretStore: SecretStore | undefined;
}
