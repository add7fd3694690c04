import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import { gated } from "../gated";
import type { StoreOutputs } from "../store";
import { storesOf } from "./wiring";

export interface AccessArgs {
  readonly spec: SystemSpec;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** The cluster's name, known once it is there. */
  readonly clusterName: pulumi.Input<string>;
}

/** IAM statements that a workload's references to stores bring with them. */
export const grantsOf = (workload: WorkloadSpec, stores: Readonly<Record<string, StoreOutputs>>) =>
  storesOf(workload).flatMap((store) => stores[store]?.grants ?? []);

/** Whether any workload of a system refers to something that IAM guards. */
export const needsAccess = (spec: SystemSpec, stores: AccessArgs["stores"]): boolean =>
  Object.values(spec.workloads).some((workload) => grantsOf(workload, stores).length > 0);

/** IAM roles of a system's workloads, each no larger than what the workload refers to; none where that is nothing. */
export class Access extends Component {
  /** Pod Identity association by workload: pods started before it have no credentials. */
  readonly associations: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, args: AccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Access", name, opts);
    const associations: Record<string, pulumi.Resource> = {};
    for (const [key, workload] of Object.entries(args.spec.workloads)) {
      const grants = grantsOf(workload, args.stores);
      if (grants.length > 0) associations[key] = this.associate(key, workload, grants, args.clusterName);
    }
    this.associations = associations;
    this.registerOutputs();
  }

  private associate(
    key: string,
    { namespace, name }: WorkloadSpec,
    grants: readonly pulumi.Input<aws.iam.PolicyStatement>[],
    clusterName: pulumi.Input<string>,
  ): pulumi.Resource {
    const role = new aws.iam.Role(
      this.child(key),
      {
        description: `Workload ${namespace}/${name}`,
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "pods.eks.amazonaws.com" },
              Action: ["sts:AssumeRole", "sts:TagSession"],
              // Pod Identity tags its sessions: no other service account can take the role on.
              Condition: {
                StringEquals: {
                  "aws:RequestTag/kubernetes-namespace": namespace,
                  "aws:RequestTag/kubernetes-service-account": name,
                },
              },
            },
          ],
        },
      },
      this.inside,
    );
    const policy = new aws.iam.RolePolicy(
      this.child(key, "policy"),
      { role: role.name, policy: { Version: "2012-10-17", Statement: [...grants] } },
      this.inside,
    );
    return new aws.eks.PodIdentityAssociation(
      this.child(key, "association"),
      {
        clusterName,
        namespace,
        serviceAccount: name,
        // Known to the association only once the role may do what it is for.
        roleArn: gated(role.arn, [policy.id]),
      },
      this.inside,
    );
  }
}
