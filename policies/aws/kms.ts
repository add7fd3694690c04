import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { allowsAnyone, statements } from "../lib/statements";
import { isGiven, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/kms/latest/developerguide";

/** Keys that everything at rest hangs on. */
export const kms: Policies = [
  onType(
    "aws:kms/key:Key",
    {
      name: "kms-rotation",
      description: "Symmetric keys rotate by themselves.",
      severity: "medium",
      remediation: "Set enableKeyRotation to true.",
      url: `${guide}/rotate-keys.html`,
    },
    (key, { report }) => {
      const encrypts = (key.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT";
      const symmetric = (key.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
      if (encrypts && symmetric && key.enableKeyRotation !== true) {
        report(`enableKeyRotation is ${shown(key.enableKeyRotation)}; it must be true.`);
      }
    },
  ),
  onType(
    "aws:kms/key:Key",
    {
      name: "kms-deletion-window",
      description: "A protected key can be called back for a month after its deletion.",
      severity: "high",
      remediation: "Set deletionWindowInDays to 30, or leave it out.",
      url: `${guide}/deleting-keys.html`,
    },
    (key, { args, report }) => {
      const found = key.deletionWindowInDays ?? 30;
      if (args.opts.protect && found < 30) report(`protected, but deletionWindowInDays is ${found}.`);
    },
  ),
  onTypes<KnownTypes["aws:kms/keyPolicy:KeyPolicy"]>(
    (type) => type === "aws:kms/key:Key" || type === "aws:kms/keyPolicy:KeyPolicy",
    {
      name: "kms-policy-not-open",
      description: "No key may be used by whoever asks.",
      severity: "critical",
      remediation:
        "Name the account, roles or services; a wildcard needs a condition such as kms:CallerAccount.",
      url: `${guide}/key-policies.html`,
    },
    (holder, { report }) => {
      if (!isGiven(holder, "policy")) return;
      const read = statements(holder.policy);
      if (!read) report("policy is not a policy document.");
      else if (read.some(allowsAnyone)) report('a statement allows Principal "*" without a condition.');
    },
  ),
];
