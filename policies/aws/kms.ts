import type { Policies } from "@pulumi/policy";
import { given, is, unlessSet } from "../../standards/tests";
import { onType } from "../lib/control";
import { noStatement } from "../lib/documents";
import { must, type Whole } from "../lib/must";
import { allowsAnyone } from "../lib/statements";

const guide = "https://docs.aws.amazon.com/kms/latest/developerguide";

const replica = "aws:kms/replicaKey:ReplicaKey";
const policies = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy", replica];
/** Variants of one action, as AWS' own key policies write them. */
const variants = /^kms:(ReEncrypt|GenerateDataKey|Encrypt|Decrypt|Describe|Get|List)\*$/i;

const isSymmetric = ({ props }: Whole) =>
  (props.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
  (props.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";

/** Keys for encryption at rest. */
export const kms: Policies = [
  must(
    ["aws:kms/key:Key"],
    {
      name: "kms-rotation",
      description: "Symmetric keys rotate automatically.",
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
        "The replica of a key is enabled, and its deletion can be cancelled for 30 days where it is protected.",
      severity: "high",
      remediation:
        "Leave enabled and bypassPolicyLockoutSafetyCheck out; set deletionWindowInDays to 30 where `protect` is on.",
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
      description: "The deletion of a protected key can be cancelled for 30 days.",
      severity: "high",
      remediation: "Set deletionWindowInDays to 30, or leave it out.",
      url: `${guide}/deleting-keys.html`,
    },
    (key, { args, report }) => {
      const found = key.deletionWindowInDays ?? 30;
      if (args.opts.protect && found < 30) report(`protected, but deletionWindowInDays is ${found}.`);
    },
  ),
  noStatement(
    { types: policies, reads: true },
    {
      name: "kms-policy-not-open",
      description: "No key policy allows public access.",
      severity: "critical",
      remediation:
        "Name the account, roles or services; a wildcard needs a condition such as kms:CallerAccount.",
      url: `${guide}/key-policies.html`,
    },
    (statement) =>
      allowsAnyone(statement) && 'a statement allows Principal "*" without a condition that names a caller.',
  ),
  noStatement(
    { types: policies },
    {
      name: "kms-policy-by-iam",
      description: "Only the account's root may have all actions on a key.",
      severity: "critical",
      remediation:
        "Allow kms:* only to the account's root; list the actions for everyone else, with a wildcard only for variants such as kms:GenerateDataKey*.",
      url: `${guide}/key-policy-default.html`,
    },
    ({ allows, actions, actionsInverted, principals }) => {
      if (!allows) return undefined;
      if (actionsInverted) return "a statement allows everything but a few actions (NotAction).";
      const wild = actions.filter((action) => /[*?]/.test(action) && !variants.test(action));
      const account = principals.every(({ kind, value }) => kind === "AWS" && /:root$|^\d{12}$/.test(value));
      return (
        wild.length > 0 &&
        !account &&
        `a statement allows ${wild.join(", ")} to principals other than the account.`
      );
    },
  ),
];
