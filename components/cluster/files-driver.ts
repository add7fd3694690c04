import type * as aws from "@pulumi/aws";

/** The EKS add-on that mounts EFS. */
export const filesDriver = "aws-efs-csi-driver";

/** Service accounts of its two parts. Source: EKS user guide, store an elastic file system with Amazon EFS. */
export const filesDriverAccounts = {
  controller: "efs-csi-controller-sa",
  node: "efs-csi-node-sa",
} as const;

/**
 * What the driver may ask AWS: where a file system can be reached. It makes no access points: those are made with
 * their file systems, so it isn't given the managed policy, with which it could.
 */
export const mayFindFiles: readonly aws.iam.PolicyStatement[] = [
  {
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
