import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { Context, KeyArns } from "../context";
import { gated } from "../gated";

/** Where the External Secrets Operator runs, and as whom: the association and the chart must agree. */
export const operator = { namespace: "external-secrets", serviceAccount: "external-secrets" } as const;

export interface ExternalSecretsAccessArgs {
  readonly context: Context;
  readonly keys: KeyArns;
  /** Name of the cluster, known once it is there. */
  readonly clusterName: pulumi.Output<string>;
}

/**
 * What the External Secrets Operator may do in AWS: read this environment's entries of Secrets Manager. It is made
 * beside the cluster and not inside, so that it is there before the operator starts.
 */
export class ExternalSecretsAccess extends Component {
  /** Pods of the operator that start before it have no credentials. */
  readonly association: pulumi.Resource;

  constructor(name: string, args: ExternalSecretsAccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:ExternalSecretsAccess", name, opts);
    const role = this.role();
    this.association = new aws.eks.PodIdentityAssociation(
      this.child("association"),
      {
        clusterName: args.clusterName,
        namespace: operator.namespace,
        serviceAccount: operator.serviceAccount,
        roleArn: gated(role.arn, [this.mayRead(role, args)]),
      },
      this.inside,
    );
    this.registerOutputs();
  }

  private role(): aws.iam.Role {
    return new aws.iam.Role(
      this.child("role"),
      {
        description: "External Secrets Operator",
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
                  "aws:RequestTag/kubernetes-namespace": operator.namespace,
                  "aws:RequestTag/kubernetes-service-account": operator.serviceAccount,
                },
              },
            },
          ],
        },
      },
      this.inside,
    );
  }

  private mayRead(role: aws.iam.Role, { context, keys }: ExternalSecretsAccessArgs): pulumi.Output<string> {
    const { accountId, region, prefix } = context;
    return new aws.iam.RolePolicy(
      this.child("policy"),
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
              Resource: `arn:aws:secretsmanager:${region}:${accountId}:secret:${prefix}/*`,
            },
            {
              Effect: "Allow",
              Action: "kms:Decrypt",
              Resource: keys.data,
              // The key opens databases and buckets too: here it opens what Secrets Manager hands out.
              Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
            },
          ],
        },
      },
      this.inside,
    ).id;
  }
}
