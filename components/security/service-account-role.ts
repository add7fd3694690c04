import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { serviceRole } from "../base/service-role";

export interface ServiceAccountRoleArgs {
  /** Name of the cluster, known once it exists. */
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** All permissions of the role. */
  readonly statements: readonly pulumi.Input<aws.iam.PolicyStatement>[];
}

/** IAM role that the pods of one service account assume, through EKS Pod Identity. */
export class ServiceAccountRole extends Component {
  readonly roleArn: pulumi.Output<string>;
  /** Known once the role has its policies. Pods that start before the association have no credentials. */
  readonly association: pulumi.Resource;

  constructor(name: string, args: ServiceAccountRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:ServiceAccountRole", name, opts);
    const { clusterName, namespace, serviceAccount } = args;
    const { role, arn } = serviceRole(this, "role", {
      description: `Pod Identity role of the service account ${namespace}/${serviceAccount}`,
      trust: {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        // Pod Identity tags its sessions, so no other service account can assume the role.
        Condition: {
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
      policyKey: "policy",
      statements: args.statements,
    });
    this.roleArn = role.arn;
    this.association = new aws.eks.PodIdentityAssociation(
      this.child("association"),
      { clusterName, namespace, serviceAccount, roleArn: arn },
      this.inside,
    );
    this.registerOutputs();
  }
}
