import type * as aws from "@pulumi/aws";

/** The EKS add-on that mounts EFS. */
export const filesDriver = "aws-efs-csi-driver";

/** Service accounts of its two parts. Source: EKS user guide, store an elastic file system with Amazon EFS. */
export const filesDriverAccounts = {
  controller: "efs-csi-controller-sa",
  node: "efs-csi-node-sa",
} as const;

/**
 * Permissions of the driver: it looks up mount targets. Pulumi creates the access points with their file systems, so
 * the driver doesn't have the managed policy, which would let it create some.
 */
export const mayFindFiles: readonly aws.iam.PolicyStatement[] = [
  {
    Sid: "FindFileSystems",
    Effect: "Allow",
    Action: [
      "elasticfilesystem:DescribeAccessPoints",
      "elasticfilesystem:DescribeFileSystems",
      "elasticfilesystem:DescribeMountTargets",
      "ec2:DescribeAvailabilityZones",
    ],
    Resource: "*",
  },
];
