import { bounded } from "./deploy";
import type { Place, Statement } from "./statement";

/** Actions that would disable the foundation's security services. */
const blinding = [
  "access-analyzer:DeleteAnalyzer",
  "cloudtrail:DeleteTrail",
  "cloudtrail:PutEventSelectors",
  "cloudtrail:StopLogging",
  "cloudtrail:UpdateTrail",
  "config:Delete*",
  "config:PutConfigurationRecorder",
  "config:PutDeliveryChannel",
  "config:StopConfigurationRecorder",
  "guardduty:Delete*",
  "guardduty:DisassociateFromAdministratorAccount",
  "guardduty:StopMonitoringMembers",
  "guardduty:UpdateDetector",
  "inspector2:Disable",
  "securityhub:BatchDisableStandards",
  "securityhub:Delete*",
  "securityhub:DisableSecurityHub",
];

/** Purposes of the foundation's keys: the ends of their aliases. */
const keys = ["state", "secrets", "images", "alarms", "audit", "standby-state", "standby-alarms"];

/** Actions that would open, empty or delete a bucket of the foundation. */
const bucketEnding = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteBucket*",
  "s3:DeleteObjectVersion",
  "s3:PutBucketLogging",
  "s3:PutBucketNotification",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutBucketOwnershipControls",
  "s3:PutBucketPolicy",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketVersioning",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
];

/**
 * Permissions boundary of the deploy roles and of every identity that they create. It grants nothing. It denies
 * creating identities without the boundary, and changing resources of the foundation.
 *
 * @param roles Names of the roles of CI.
 * @param states Names of the buckets of states.
 */
export function boundaryStatements(
  place: Place,
  boundary: string,
  roles: readonly string[],
  states: readonly string[],
): Statement[] {
  const { prefix, accountId } = place;
  const own = (kind: string, name: string) => `arn:aws:iam::${accountId}:${kind}/${name}`;
  const others = ["audit", "access-logs", "standby-access-logs"];
  const buckets = [...states, ...others.map((purpose) => `${prefix}-${purpose}-${accountId}`)];
  return [
    { Sid: "MostThatMayBeGranted", Effect: "Allow", Action: "*", Resource: "*" },
    {
      Sid: "NoIdentityWithoutBoundary",
      Effect: "Deny",
      Action: bounded,
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundary } },
    },
    {
      Sid: "BoundaryStays",
      Effect: "Deny",
      Action: ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
      Resource: "*",
    },
    {
      Sid: "RolesOfCiStay",
      Effect: "Deny",
      Action: [
        "iam:Delete*",
        "iam:Update*",
        "iam:Put*",
        "iam:Attach*",
        "iam:Detach*",
        "iam:Tag*",
        "iam:Untag*",
      ],
      Resource: roles.map((name) => own("role", name)),
    },
    {
      Sid: "PoliciesOfCiStay",
      Effect: "Deny",
      Action: [
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
      ],
      Resource: own("policy", `${prefix}-*`),
    },
    {
      Sid: "IdentityProviderStays",
      Effect: "Deny",
      Action: [
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:CreateOpenIDConnectProvider",
        "iam:CreateSAMLProvider",
        "iam:DeleteOpenIDConnectProvider",
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
      ],
      Resource: "*",
    },
    { Sid: "DetectorsStay", Effect: "Deny", Action: blinding, Resource: "*" },
    {
      Sid: "BucketsStay",
      Effect: "Deny",
      Action: bucketEnding,
      Resource: buckets.flatMap((name) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]),
    },
    {
      Sid: "KeysStay",
      Effect: "Deny",
      Action: ["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
      Resource: "*",
      Condition: {
        "ForAnyValue:StringEquals": {
          "kms:ResourceAliases": keys.map((purpose) => `alias/${prefix}-${purpose}`),
        },
      },
    },
    {
      // A key without its alias no longer matches the statements above.
      Sid: "AliasesStay",
      Effect: "Deny",
      Action: ["kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: keys.map((purpose) => `arn:aws:kms:*:${accountId}:alias/${prefix}-${purpose}`),
    },
    { Sid: "NotTheAccount", Effect: "Deny", Action: ["account:*", "organizations:*"], Resource: "*" },
  ];
}
