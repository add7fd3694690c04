import type * as pulumi from "@pulumi/pulumi";
import { migratedStore } from "../../../config";
import type { SystemSpec } from "../../../systems/spec";
import { mayRead, readersPath } from "../../cluster/operators/external-secrets";
import { Component } from "../../base/component";
import type { Context, KeyArns } from "../../base/context";
import { serviceRole } from "../../base/service-role";
import type { StoreOutputs } from "../../base/store";
import { secretKeys } from "../wiring";

type Stores = Readonly<Record<string, StoreOutputs>>;

/** Secrets Manager entries that a system needs, by reader. The lists are disjoint. */
export interface SecretEntries {
  /** Entries for workloads, gates and NATS. */
  readonly workloads: readonly string[];
  /** Entries of master users, for the jobs that create databases' roles. */
  readonly bootstrap: readonly string[];
}

/** Only the entries that a system's references need. */
export function secretEntries(spec: SystemSpec, stores: Stores): SecretEntries {
  const read = new Set([
    ...spec.namespaces.flatMap((namespace) => secretKeys(spec, namespace).map(({ store }) => store)),
    ...(spec.migration === undefined ? [] : [migratedStore(spec) ?? ""]),
    ...Object.keys(spec.stores).filter((key) => spec.stores[key]?.kind === "nats"),
  ]);
  return {
    workloads: [...new Set([...read].flatMap((store) => stores[store]?.secret?.entry ?? []))],
    bootstrap: Object.values(stores).flatMap(({ roles }) => roles?.master.entry ?? []),
  };
}

/** ARNs of the roles, each known once the role has its policy; undefined if there is nothing to read. */
export type ReaderArns = Readonly<Record<keyof SecretEntries, pulumi.Output<string> | undefined>>;

export interface SecretReadersArgs {
  readonly context: Context;
  readonly keys: KeyArns;
  readonly system: string;
  readonly entries: SecretEntries;
  /** Role of the External Secrets Operator, the only one that may assume these. */
  readonly operatorRoleArn: pulumi.Input<string>;
}

/**
 * IAM roles with which the External Secrets Operator reads a system's entries: one for its workloads, one for
 * bootstrap.
 */
export class SecretReaders extends Component {
  readonly arns: ReaderArns;

  constructor(
    name: string,
    private readonly args: SecretReadersArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:system:SecretReaders", name, opts);
    this.arns = { workloads: this.role("workloads"), bootstrap: this.role("bootstrap") };
    this.registerOutputs();
  }

  private role(reader: keyof SecretEntries): pulumi.Output<string> | undefined {
    const { context, keys, system, entries, operatorRoleArn } = this.args;
    if (entries[reader].length === 0) return undefined;
    return serviceRole(this, reader, {
      path: readersPath(context.prefix),
      description: `Lets External Secrets read the secrets of ${system} (${reader})`,
      trust: {
        Effect: "Allow",
        Principal: { AWS: operatorRoleArn },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
      statements: mayRead(context, keys, entries[reader]),
    }).arn;
  }
}
