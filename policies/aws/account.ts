import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack, onType, type Setting } from "../lib/control";
import { eachText, ifUnknown, isGiven, plain, shown } from "../lib/wire";

const url = "https://www.pulumi.com/registry/packages/aws/api-docs/provider/";

export const requiredTags: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Keys of the tags that all resources must have.",
  default: ["Project", "Environment", "Owner", "CostCenter"],
};

/** Structured inputs of a provider are sent as JSON text. */
export function decoded<T>(value: T | string | undefined): T | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as T;
  } catch {
    return undefined;
  }
}

/** The allowed accounts of the stack's AWS providers. */
function ownAccounts(resources: PolicyResource[]): Set<string> {
  return new Set(
    resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .flatMap(({ props }) => {
        const { allowedAccountIds } = plain(props) as { allowedAccountIds?: string[] | string };
        return decoded<string[]>(allowedAccountIds) ?? [];
      }),
  );
}

/** An account ID: in an ARN, as a principal, as the value of a condition, or in a URL. */
const accountId = /(?<![0-9a-z])\d{12}(?![0-9a-z])/gi;

/** The ID of a certificate, key or volume, whose last twelve digits may look like an account ID. */
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Policies for all AWS resources: account and tags. */
export const account: Policies = [
  onType(
    "pulumi:providers:aws",
    {
      name: "aws-account-pinned",
      description: "AWS providers must be limited to the stack's account.",
      severity: "critical",
      remediation: "Set allowedAccountIds to the ID of the stack's account.",
      url,
    },
    ({ allowedAccountIds }, { report }) => {
      const found = decoded<string[]>(allowedAccountIds as string[] | string | undefined);
      if (!found?.length) report("allowedAccountIds is not set; it must contain the account's ID.");
    },
  ),
  onType(
    "pulumi:providers:aws",
    {
      name: "aws-default-tags",
      description: "AWS providers must add the cost allocation tags to all resources.",
      severity: "medium",
      remediation: "Add the missing tag keys to defaultTags.tags of the provider.",
      url,
      settings: { requiredTags },
    },
    ({ defaultTags }, { settings, report }) => {
      const tags = decoded<{ tags?: Record<string, string> }>(defaultTags as string | undefined)?.tags ?? {};
      const missing = settings.requiredTags.filter((key) => !isGiven(tags, key));
      if (missing.length > 0) report(`defaultTags.tags is missing ${missing.join(", ")}.`);
    },
  ),
  onStack(
    {
      name: "aws-own-account-only",
      description: "AWS resources must not refer to other AWS accounts.",
      severity: "critical",
      remediation:
        "Use ARNs of the stack's own account, or add the other account to this policy's accounts setting.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
      settings: {
        accounts: {
          type: "array",
          items: { type: "string" },
          description: "IDs of other AWS accounts that resources may refer to.",
          default: [] as string[],
        },
      },
    },
    (resources, report, { accounts }) => {
      const own = new Set([...ownAccounts(resources), ...accounts]);
      if (own.size === accounts.length) return;
      for (const { urn, name, type, props } of resources) {
        const image = type.startsWith("kubernetes:");
        if (!type.startsWith("aws:") && !image) continue;
        const strangers = new Set<string>();
        eachText(plain(props), (text, path) => {
          if (image && !text.includes(".dkr.ecr.")) return;
          for (const account of text.replace(uuid, "").match(accountId) ?? [])
            if (!own.has(account)) strangers.add(`${account} (in ${path})`);
        });
        if (strangers.size > 0)
          report(`${name} refers to other accounts: ${[...strangers].join(", ")}.`, urn);
      }
    },
  ),
  onType(
    "random:index/randomPassword:RandomPassword",
    {
      name: "random-password-length",
      description: "Generated passwords must have the minimum length.",
      severity: "high",
      remediation: "Set length to 24 or more.",
      url: "https://www.pulumi.com/registry/packages/random/api-docs/randompassword/",
      settings: {
        minimumLength: {
          type: "integer",
          minimum: 16,
          description: "Minimum number of characters.",
          default: 24,
        },
      },
    },
    ({ length }, { settings, report }) => {
      const found = ifUnknown(undefined, () => length);
      if (!((found ?? 0) >= settings.minimumLength)) {
        report(`length is ${shown(found)}; it must be at least ${settings.minimumLength}.`);
      }
    },
  ),
];
