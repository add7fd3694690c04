import type { Rules } from "../../rule";
import type { Values } from "../../wire";
import { between, oneOf } from "./checks";

const fileSystem = "aws:efs/fileSystem:FileSystem";
const ofFileSystem = { fileSystemId: fileSystem };
const ages = [1, 7, 14, 30, 60, 90, 180, 270, 365].map((days) =>
  days === 1 ? "AFTER_1_DAY" : `AFTER_${days}_DAYS`,
);
const mostId = 2 ** 32 - 1;

/** Shared files: EFS. */
export const fileRules: Rules = {
  [fileSystem]: {
    id: "fs-{hex17}",
    arn: "arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}",
    name: { property: "creationToken", max: 64 },
    replace: ["creationToken", "encrypted", "kmsKeyId", "performanceMode", "availabilityZoneName"],
    defaults: { throughputMode: "bursting" },
    outputs: {
      creationToken: "terraform-{hex26}",
      dnsName: "{id}.efs.{region}.amazonaws.com",
      encrypted: false,
      numberOfMountTargets: 0,
      ownerId: "{account}",
      performanceMode: "generalPurpose",
      protection: { replicationOverwrite: "ENABLED" },
    },
    held: true,
    check: oneOf({
      throughputMode: ["bursting", "provisioned", "elastic"],
      "lifecyclePolicies.transitionToIa": ages,
      "lifecyclePolicies.transitionToArchive": ages,
      "lifecyclePolicies.transitionToPrimaryStorageClass": ["AFTER_1_ACCESS"],
    }),
  },
  // Only its tags can be updated.
  "aws:efs/accessPoint:AccessPoint": {
    id: "fsap-{hex17}",
    arn: "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}",
    replace: ["fileSystemId", "posixUser", "rootDirectory"],
    outputs: {
      fileSystemArn: "arn:aws:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
      ownerId: "{account}",
      rootDirectory: { path: "/" },
    },
    unordered: ["posixUser.secondaryGids"],
    refs: ofFileSystem,
    check: between({
      "posixUser.uid": [0, mostId],
      "posixUser.gid": [0, mostId],
      "rootDirectory.creationInfo.ownerUid": [0, mostId],
      "rootDirectory.creationInfo.ownerGid": [0, mostId],
    }),
  },
  "aws:efs/mountTarget:MountTarget": {
    id: "fsmt-{hex17}",
    replace: ["fileSystemId", "subnetId", "ipAddress", "ipAddressType", "ipv6Address"],
    outputs: {
      dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
      fileSystemArn: "arn:aws:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
      ipAddress: "10.0.0.{digits2}",
      networkInterfaceId: "eni-{hex17}",
      ownerId: "{account}",
    },
    unordered: ["securityGroups"],
    refs: {
      ...ofFileSystem,
      subnetId: "aws:ec2/subnet:Subnet",
      securityGroups: "aws:ec2/securityGroup:SecurityGroup",
    },
  },
  "aws:efs/backupPolicy:BackupPolicy": {
    id: "{fileSystemId}",
    replace: ["fileSystemId"],
    refs: ofFileSystem,
    check: oneOf({ "backupPolicy.status": ["ENABLED", "DISABLED"] }),
  },
  "aws:efs/replicationConfiguration:ReplicationConfiguration": {
    id: "{sourceFileSystemId}",
    replace: ["sourceFileSystemId", "destination"],
    // EFS creates the destination file system if none is named.
    answer: (values: Values) => ({
      ...values,
      destination: {
        fileSystemId: `copy-of-${String(values.sourceFileSystemId)}`,
        ...(values.destination as Values),
      },
    }),
    refs: { sourceFileSystemId: fileSystem },
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": {
    id: "{fileSystemId}",
    replace: ["fileSystemId"],
    documents: ["policy"],
    refs: ofFileSystem,
  },
};
