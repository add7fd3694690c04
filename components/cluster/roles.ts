import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import { Component } from "../base/component";
import type { KeyArns } from "../base/context";
import { gated } from "../base/gated";
import { rolePrefix } from "../base/naming";

/**
 * AWS managed policies for Auto Mode: for the control plane to manage nodes, volumes and load balancers, and for nodes
 * to join and pull images. Source: EKS user guide, identity and access in EKS Auto Mode.
 */
const managed = {
  controlPlane: [
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ],
  node: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
} as const;

export interface RolesArgs {
  readonly keys: KeyArns;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/** Repositories of ECR's pull-through cache, which copies an image on its first pull. */
export function mirrorRepositories(mirrors: MirrorSettings = {}): string[] {
  return Object.values(mirrors).flatMap((prefix) => {
    const [, account, region, path] =
      /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/.exec(prefix ?? "") ?? [];
    return path === undefined ? [] : [`arn:aws:ecr:${region}:${account}:repository/${path}/*`];
  });
}

/** The roles of the control plane and of the nodes. Each is known once it has all its policies. */
export class Roles extends Component {
  readonly controlPlaneArn: pulumi.Output<string>;
  readonly nodeArn: pulumi.Output<string>;
  readonly nodeName: pulumi.Output<string>;

  constructor(name: string, { keys, mirrors }: RolesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Roles", name, opts);
    const controlPlane = this.role("control-plane", "eks.amazonaws.com", [
      "sts:AssumeRole",
      "sts:TagSession",
    ]);
    this.controlPlaneArn = gated(controlPlane.arn, [
      ...this.attach("control-plane", controlPlane, managed.controlPlane),
      this.mayUseKey(controlPlane, keys.cluster),
      this.mayTag(controlPlane),
    ]);
    const node = this.role("node", "ec2.amazonaws.com", ["sts:AssumeRole"]);
    const attachments = [...this.attach("node", node, managed.node), ...this.mayFillMirrors(node, mirrors)];
    this.nodeArn = gated(node.arn, attachments);
    this.nodeName = gated(node.name, attachments);
    this.registerOutputs();
  }

  private role(key: string, service: string, actions: string[]): aws.iam.Role {
    return new aws.iam.Role(
      this.child(key),
      {
        namePrefix: rolePrefix(this.child(key)),
        description: `EKS ${key} role`,
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
        },
      },
      this.inside,
    );
  }

  private attach(key: string, role: aws.iam.Role, policies: readonly string[]): pulumi.Output<string>[] {
    return policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          this.child(key, policy),
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          this.inside,
        ).id,
    );
  }

  /**
   * The control plane creates encrypted volumes for nodes and pods, and encrypts Secrets. EBS uses the key through a
   * grant, which the control plane may create only for AWS services. Source: EKS user guide, EBS encryption with
   * customer managed keys for EKS Auto Mode.
   */
  private mayUseKey(role: aws.iam.Role, keyArn: pulumi.Output<string>): pulumi.Output<string> {
    return new aws.iam.RolePolicy(
      this.child("control-plane", "key"),
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "EncryptVolumesAndSecrets",
              Effect: "Allow",
              Action: [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:DescribeKey",
              ],
              Resource: keyArn,
            },
            {
              Effect: "Allow",
              Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
              Resource: keyArn,
              Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            },
          ],
        },
      },
      this.inside,
    ).id;
  }

  /** The first pull of an image creates its repository. Source: ECR user guide, pull through cache permissions. */
  private mayFillMirrors(role: aws.iam.Role, mirrors: MirrorSettings | undefined): pulumi.Output<string>[] {
    const Resource = mirrorRepositories(mirrors);
    if (Resource.length === 0) return [];
    const Action = ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"];
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] } as const;
    return [
      new aws.iam.RolePolicy(
        this.child("node", "mirrors"),
        { role: role.name, policy: { ...policy, Statement: [...policy.Statement] } },
        this.inside,
      ).id,
    ];
  }

  /** AWS managed policies let the control plane set only EKS' own tags, and deny creating resources with others. */
  private mayTag(role: aws.iam.Role): pulumi.Output<string> {
    return new aws.iam.RolePolicy(
      this.child("control-plane", "tags"),
      { role: role.name, policy: { Version: "2012-10-17", Statement: mayMakeTagged } },
      this.inside,
    ).id;
  }
}

/** EKS puts the cluster's name in the role's session tags, and in a tag of every resource that it creates. */
const ofThisCluster = {
  "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
} as const;

/**
 * Resources that Auto Mode creates with our tags. Source: EKS user guide, custom AWS tags for EKS Auto Mode resources,
 * without snapshots and Shield, which nothing here uses.
 */
const mayMakeTagged: aws.iam.PolicyStatement[] = [
  {
    Sid: "Compute",
    Effect: "Allow",
    Action: ["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate"],
    Resource: "*",
    Condition: {
      StringEquals: ofThisCluster,
      StringLike: {
        "aws:RequestTag/eks:kubernetes-node-class-name": "*",
        "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
      },
    },
  },
  {
    Sid: "Storage",
    Effect: "Allow",
    Action: "ec2:CreateVolume",
    Resource: "arn:aws:ec2:*:*:volume/*",
    Condition: { StringEquals: ofThisCluster },
  },
  {
    Sid: "Networking",
    Effect: "Allow",
    Action: "ec2:CreateNetworkInterface",
    Resource: "*",
    Condition: {
      StringEquals: ofThisCluster,
      StringLike: { "aws:RequestTag/eks:kubernetes-cni-node-name": "*" },
    },
  },
  {
    Sid: "LoadBalancer",
    Effect: "Allow",
    Action: [
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateRule",
      "ec2:CreateSecurityGroup",
    ],
    Resource: "*",
    Condition: { StringEquals: ofThisCluster },
  },
];
