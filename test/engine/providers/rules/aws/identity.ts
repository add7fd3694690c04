import { refuse, type Rules } from "../../rule";
import type { Values } from "../../wire";

const role = "aws:iam/role:Role";
const user = "aws:iam/user:User";
const policy = "aws:iam/policy:Policy";
const iamName = {
  pattern: /^[\w+=,.@-]+$/,
  what: "letters, digits and _+=,.@-",
  property: "name",
  auto: true,
};

/** Identities and keys. */
export const identityRules: Rules = {
  [role]: {
    id: "{name}",
    arn: "arn:aws:iam::{account}:role{path}{name}",
    name: { ...iamName, max: 64 },
    replace: ["name", "namePrefix", "path"],
    defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
    outputs: { uniqueId: "AROA{hex16}", createDate: "2026-01-01T00:00:00Z" },
    documents: ["assumeRolePolicy"],
    unordered: ["managedPolicyArns"],
    free: ["managedPolicyArns"],
    held: true,
  },
  "aws:iam/rolePolicy:RolePolicy": {
    id: "{role}:{name}",
    name: { ...iamName, max: 128 },
    replace: ["name", "namePrefix", "role"],
    documents: ["policy"],
    refs: { role },
  },
  [policy]: {
    id: "arn:aws:iam::{account}:policy/{name}",
    arn: "arn:aws:iam::{account}:policy/{name}",
    name: { ...iamName, max: 128 },
    replace: ["name", "namePrefix", "path", "description"],
    defaults: { path: "/" },
    outputs: { policyId: "ANPA{hex16}", attachmentCount: 0 },
    documents: ["policy"],
    held: true,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    id: "{role}/{policyArn}",
    replace: ["role", "policyArn"],
    refs: { role },
    check: awsPolicy,
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    id: "{name}",
    arn: "arn:aws:iam::{account}:instance-profile/{name}",
    name: { ...iamName, max: 128 },
    replace: ["name", "namePrefix", "path"],
    defaults: { path: "/" },
    refs: { role },
  },
  [user]: {
    id: "{name}",
    arn: "arn:aws:iam::{account}:user/{name}",
    name: { ...iamName, max: 64 },
    defaults: { path: "/", forceDestroy: false },
    outputs: { uniqueId: "AIDA{hex16}" },
    held: true,
  },
  "aws:iam/userPolicy:UserPolicy": {
    id: "{user}:{name}",
    name: { ...iamName, max: 128 },
    replace: ["name", "namePrefix", "user"],
    documents: ["policy"],
    refs: { user },
  },
  "aws:iam/accessKey:AccessKey": {
    id: "AKIA{hex16}",
    replace: ["user", "pgpKey"],
    defaults: { status: "Active" },
    outputs: { secret: "CanaryKey{hex32}", sesSmtpPasswordV4: "CanarySmtp{hex32}" },
    refs: { user },
  },
  "aws:kms/key:Key": {
    id: "{uuid}",
    arn: "arn:aws:kms:{region}:{account}:key/{id}",
    replace: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
    defaults: {
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
      enableKeyRotation: false,
    },
    outputs: { keyId: "{id}" },
    documents: ["policy"],
  },
  "aws:kms/replicaKey:ReplicaKey": {
    id: "{uuid}",
    arn: "arn:aws:kms:{region}:{account}:key/{id}",
    replace: ["primaryKeyArn"],
    defaults: { enabled: true },
    outputs: { keyId: "{id}", keyRotationEnabled: true, keyUsage: "ENCRYPT_DECRYPT" },
    documents: ["policy"],
    refs: { primaryKeyArn: "aws:kms/key:Key" },
  },
  "aws:kms/alias:Alias": {
    // AWS' id is only the name, which can be used in each region.
    id: "{name}@{region}",
    arn: "arn:aws:kms:{region}:{account}:{name}",
    name: {
      property: "name",
      max: 256,
      auto: true,
      before: "alias/",
      pattern: /^alias\/[\w/-]+$/,
      what: "alias/ and letters, digits, / _ -",
    },
    replace: ["name", "namePrefix"],
    outputs: { targetKeyArn: "arn:aws:kms:{region}:{account}:key/{targetKeyId}" },
    refs: { targetKeyId: ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"] },
    check: ({ name }: Values) =>
      String(name).startsWith("alias/aws/") ? [refuse("name", "alias/aws/ is AWS's own")] : [],
  },
};

function awsPolicy({ policyArn }: Values) {
  return policyArn === undefined || /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\//.test(String(policyArn))
    ? []
    : [refuse("policyArn", `"${String(policyArn)}" isn't the ARN of a policy`)];
}
