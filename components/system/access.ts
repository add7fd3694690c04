import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { ServiceAccountRole } from "../security/service-account-role";
import type { StoreOutputs } from "../base/store";
import { outputsOf, storesOf } from "./wiring";

export interface AccessArgs {
  readonly spec: SystemSpec;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** The cluster's name, known once it exists. */
  readonly clusterName: pulumi.Input<string>;
}

/** IAM statements that a workload's references to stores grant. */
export const grantsOf = (workload: WorkloadSpec, stores: Readonly<Record<string, StoreOutputs>>) => [
  ...storesOf(workload).flatMap((store) => stores[store]?.grants ?? []),
  ...outputsOf(workload).flatMap(({ store, output }) => stores[store]?.grantsByOutput?.[output] ?? []),
];

/** Whether any workload of a system needs IAM permissions. */
export const needsAccess = (spec: SystemSpec, stores: AccessArgs["stores"]): boolean =>
  Object.values(spec.workloads).some((workload) => grantsOf(workload, stores).length > 0);

/**
 * IAM roles of a system's workloads, limited to the stores that each refers to. A workload without such references has
 * no role.
 */
export class Access extends Component {
  /** Pod Identity association by workload: pods that start earlier have no credentials. */
  readonly associations: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, args: AccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Access", name, opts);
    const associations: Record<string, pulumi.Resource> = {};
    for (const [key, workload] of Object.entries(args.spec.workloads)) {
      const grants = grantsOf(workload, args.stores);
      if (grants.length > 0) associations[key] = this.role(key, workload, grants, args.clusterName);
    }
    this.associations = associations;
    this.registerOutputs();
  }

  private role(
    key: string,
    { namespace, name }: WorkloadSpec,
    statements: readonly pulumi.Input<aws.iam.PolicyStatement>[],
    clusterName: pulumi.Input<string>,
  ): pulumi.Resource {
    const args = { clusterName, namespace, serviceAccount: name, statements };
    return new ServiceAccountRole(this.child(key), args, this.inside).association;
  }
}
