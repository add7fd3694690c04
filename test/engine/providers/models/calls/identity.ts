import { callsOf, type Mappings } from "../call";

const iam = callsOf("iam");
const kms = callsOf("kms");
const secrets = callsOf("secretsmanager");

export const identityCalls: Mappings = {
  "aws:iam/role:Role": {
    calls: [
      iam("CreateRole", {
        // The provider appends 26 characters to a prefix, and accepts at most 38.
        members: { name: "RoleName", namePrefix: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
      }),
    ],
    elsewhere: { forceDetachPolicies: "what the provider does before it deletes" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    calls: [
      iam("PutRolePolicy", { members: { role: "RoleName", name: "PolicyName", policy: "PolicyDocument" } }),
    ],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    calls: [
      iam("CreateInstanceProfile", { members: { name: "InstanceProfileName" } }),
      iam("AddRoleToInstanceProfile", {
        only: ["role"],
        members: { role: "RoleName" },
        supplied: ["InstanceProfileName"],
      }),
    ],
  },
  "aws:iam/policy:Policy": {
    calls: [iam("CreatePolicy", { members: { name: "PolicyName", policy: "PolicyDocument" } })],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    calls: [iam("AttachRolePolicy", { members: { role: "RoleName" } })],
  },
  "aws:iam/user:User": {
    calls: [iam("CreateUser", { members: { name: "UserName" } })],
    elsewhere: { forceDestroy: "what the provider does before it deletes" },
  },
  "aws:iam/userPolicy:UserPolicy": {
    calls: [
      iam("PutUserPolicy", { members: { user: "UserName", name: "PolicyName", policy: "PolicyDocument" } }),
    ],
  },
  "aws:iam/accessKey:AccessKey": { calls: [iam("CreateAccessKey", { members: { user: "UserName" } })] },
  "aws:kms/key:Key": {
    calls: [
      kms("CreateKey"),
      kms("ScheduleKeyDeletion", {
        only: ["deletionWindowInDays"],
        members: { deletionWindowInDays: "PendingWindowInDays" },
        supplied: ["KeyId"],
      }),
    ],
    elsewhere: { enableKeyRotation: "EnableKeyRotation takes nothing but the key" },
  },
  "aws:kms/replicaKey:ReplicaKey": {
    calls: [
      kms("ReplicateKey", { supplied: ["KeyId", "ReplicaRegion"] }),
      kms("ScheduleKeyDeletion", {
        only: ["deletionWindowInDays"],
        members: { deletionWindowInDays: "PendingWindowInDays" },
        supplied: ["KeyId"],
      }),
    ],
    elsewhere: { primaryKeyArn: "its id and region are where the call goes" },
  },
  "aws:kms/alias:Alias": { calls: [kms("CreateAlias", { members: { name: "AliasName" } })] },
  "aws:secretsmanager/secret:Secret": {
    calls: [
      secrets("CreateSecret", { members: { replicas: "AddReplicaRegions" } }),
      secrets("DeleteSecret", {
        only: ["recoveryWindowInDays"],
        supplied: ["SecretId"],
        // The provider turns 0 into ForceDeleteWithoutRecovery.
        when: ({ recoveryWindowInDays }) => recoveryWindowInDays !== 0,
      }),
    ],
    elsewhere: { recoveryWindowInDays: "0 becomes another member, ForceDeleteWithoutRecovery" },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": { calls: [secrets("PutSecretValue")] },
  "aws:secretsmanager/secretRotation:SecretRotation": { calls: [secrets("RotateSecret")] },
};
