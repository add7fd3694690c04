import type { Policies } from "@pulumi/policy";
import { given, is, unlessSet } from "../../standards/tests";
import { onType } from "../lib/control";
import { noStatement } from "../lib/documents";
import { must, type Whole } from "../lib/must";
import { allowsAnyone, bounds } from "../lib/statements";

const guide = "https://docs.aws.amazon.com/kms/latest/developerguide";

const replica = "aws:kms/replicaKey:ReplicaKey";
const policies = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy", replica];
/** Variants of one action, as in AWS' own key policies. */
const variants = /^kms:(ReEncrypt|GenerateDataKey|Encrypt|Decrypt|Describe|Get|List)\*$/i;

/** With it, a principal lets AWS services use the key, but no one else. */
const grantKeys = new Set(["kms:grantisforawsresource"]);

const isSymmetric = ({ props }: Whole) =>
  (props.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
  (props.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";

/** Keys for encryption at rest. */
export const kms: Policies = [
  must(
    ["aws:kms/key:Key"],
    {
      name: "kms-rotation",
      description: "Symmetric KMS keys must have automatic rotation enabled.",
      severity: "medium",
      remediation: "Set enableKeyRotation to true.",
      url: `${guide}/rotate-keys.html`,
      remediates: true,
    },
    [["enableKeyRotation", is(true), isSymmetric]],
  ),
  must(
    [replica],
    {
      name: "kms-replica-enabled",
      description:
        "KMS replica keys must be enabled and, if protected, have a deletion waiting period of 30 days.",
      severity: "high",
      remediation:
        "Set primaryKeyArn, and remove enabled and bypassPolicyLockoutSafetyCheck. Where `protect` is true, set deletionWindowInDays to 30, or remove it.",
      url: `${guide}/multi-region-keys-replicate.html`,
    },
    [
      ["primaryKeyArn", given],
      ["enabled", unlessSet(true)],
      ["bypassPolicyLockoutSafetyCheck", unlessSet(false)],
      ["deletionWindowInDays", unlessSet(30), ({ protect }) => protect],
    ],
  ),
  onType(
    "aws:kms/key:Key",
    {
      name: "kms-deletion-window",
      description: "Protected KMS keys must have a deletion waiting period of 30 days.",
      severity: "high",
      remediation: "Set deletionWindowInDays to 30, or remove it.",
      url: `${guide}/deleting-keys.html`,
    },
    (key, { args, report }) => {
      const found = key.deletionWindowInDays ?? 30;
      if (args.opts.protect && found < 30)
        report(`deletionWindowInDays is ${found}; it must be 30 for a protected key.`);
    },
  ),
  noStatement(
    { types: policies, reads: true },
    {
      name: "kms-policy-not-open",
      description: "KMS keys must not be publicly accessible.",
      severity: "critical",
      remediation:
        "Name the account, roles or services as Principal, or add a condition such as kms:CallerAccount.",
      url: `${guide}/key-policies.html`,
    },
    (statement) =>
      allowsAnyone(statement) &&
      'a statement allows Principal "*" without a condition that limits the caller.',
  ),
  noStatement(
    { types: policies },
    {
      name: "kms-policy-by-iam",
      description: "KMS key policies must allow all actions to the account principal only.",
      severity: "critical",
      remediation:
        "Allow kms:* to the account principal (arn:aws:iam::…:root) only. For other principals, list the actions. Wildcards are only allowed for variants of one action, such as kms:GenerateDataKey*.",
      url: `${guide}/key-policy-default.html`,
    },
    ({ allows, actions, actionsInverted, principals }) => {
      if (!allows) return undefined;
      if (actionsInverted) return "a statement allows all actions except those in NotAction.";
      const wild = actions.filter((action) => /[*?]/.test(action) && !variants.test(action));
      const account = principals.every(({ kind, value }) => kind === "AWS" && /:root$|^\d{12}$/.test(value));
      return (
        wild.length > 0 &&
        !account &&
        `a statement allows ${wild.join(", ")} to principals other than the account.`
      );
    },
  ),
  noStatement(
    { types: policies },
    {
      name: "kms-grants-for-services",
      description: "KMS key policies must limit kms:CreateGrant to grants for AWS services.",
      severity: "high",
      remediation: 'Add the condition { "Bool": { "kms:GrantIsForAWSResource": "true" } } to the statement.',
      url: `${guide}/grants.html`,
    },
    (statement) =>
      statement.allows &&
      statement.actions.some((action) => /^kms:CreateGrant$/i.test(action)) &&
      !bounds(statement, grantKeys) &&
      "a statement allows kms:CreateGrant without the condition kms:GrantIsForAWSResource.",
  ),
];
