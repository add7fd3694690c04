import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { gated } from "../base/gated";
import { rolePrefix } from "../base/naming";

export interface ServiceAccountRoleArgs {
  /** Name of the cluster, known once it is there. */
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What the role may do: nothing else. */
  readonly statements: readonly pulumi.Input<aws.iam.PolicyStatement>[];
}

/** IAM role that the pods of one service account take on, over EKS Pod Identity. */
export class ServiceAccountRole extends Component {
  readonly roleArn: pulumi.Output<string>;
  /** Pods that start before it have no credentials: it is known once the role may do what it is for. */
  readonly association: pulumi.Resource;

  constructor(name: string, args: ServiceAccountRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:ServiceAccountRole", name, opts);
    const { clusterName, namespace, serviceAccount } = args;
    const role = this.role(args);
    this.roleArn = role.arn;
    const policy = new aws.iam.RolePolicy(
      this.child("policy"),
      { role: role.name, policy: { Version: "2012-10-17", Statement: [...args.statements] } },
      this.inside,
    );
    this.association = new aws.eks.PodIdentityAssociation(
      this.child("association"),
      { clusterName, namespace, serviceAccount, roleArn: gated(role.arn, [policy.id]) },
      this.inside,
    );
    this.registerOutputs();
  }

  private role({ namespace, serviceAccount }: ServiceAccountRoleArgs): aws.iam.Role {
    return new aws.iam.Role(
      this.child("role"),
      {
        namePrefix: rolePrefix(this.child("role")),
        description: `Service account ${namespace}/${serviceAccount}`,
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
                  "aws:RequestTag/kubernetes-service-account": serviceAccount,
                },
              },
            },
          ],
        },
      },
      this.inside,
    );
  }
}
