import type { Policies } from "@pulumi/policy";
import { onType, onTypes } from "../lib/control";
import { noStatement } from "../lib/documents";
import { allowsAnyone, boundsCaller, covers } from "../lib/statements";
import { ifUnknown, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const trusts = { types: ["aws:iam/role:Role"] };

/** Services whose trust policy can't limit the account, and why. */
const withoutSource: Readonly<Record<string, string>> = {
  "ec2.amazonaws.com": "an instance profile is attached in its own account",
  "eks.amazonaws.com": "the control plane assumes the role without naming a cluster",
  "lambda.amazonaws.com": "only principals that may pass the role can create a function with it",
  "s3.amazonaws.com": "only principals that may pass the role can replicate a bucket with it",
  "pods.eks.amazonaws.com": "limited by session tags instead",
};

/** AWS managed policies for service roles, which may be attached. */
const attachable =
  /^arn:aws:iam::aws:policy\/(AmazonEKS\w+Policy|AWSBackupServiceRolePolicyForS3(Backup|Restore)|AmazonEC2ContainerRegistry(PullOnly|ReadOnly)|AmazonSSMManagedInstanceCore|CloudWatchAgentServerPolicy|service-role\/\w+)$/;

/**
 * Subjects that match tokens of any branch or pull request: a wildcard, or GitHub's subject for pull requests. Source:
 * GitHub, OpenID Connect reference, example subject claims.
 */
const anyBranch = /[*?]|:pull_request$/;

/** Trust policies, AWS managed policies, and the cluster's access entries. */
export const iamTrust: Policies = [
  noStatement(
    { ...trusts, reads: true },
    {
      name: "iam-trust-not-open",
      description: "IAM role trust policies must not allow all principals.",
      severity: "critical",
      remediation: "Name the service, account or identity provider as Principal in assumeRolePolicy.",
      url: `${guide}/id_roles_update-role-trust-policy.html`,
    },
    // Regardless of conditions: the callers of a role can always be named.
    (statement) =>
      (allowsAnyone(statement) ||
        (statement.allows && statement.principals.some(({ value }) => value === "*"))) &&
      'a statement allows Principal "*".',
  ),
  noStatement(
    trusts,
    {
      name: "iam-trust-source-bound",
      description:
        "IAM role trust policies for AWS services must limit the source account or the Kubernetes service account.",
      severity: "high",
      remediation:
        "Add a condition on aws:SourceAccount or aws:SourceArn. For pods.eks.amazonaws.com, add conditions on aws:RequestTag/kubernetes-namespace and aws:RequestTag/kubernetes-service-account.",
      url: `${guide}/confused-deputy.html`,
    },
    (statement) => {
      const { allows, principals, tests } = statement;
      const services = principals.filter(({ kind }) => kind === "Service").map(({ value }) => value);
      if (!allows || services.length === 0) return undefined;
      const tags = ["kubernetes-namespace", "kubernetes-service-account"].map(
        (tag) => `aws:requesttag/${tag}`,
      );
      const podBound = tags.every((tag) =>
        tests.some(
          ({ operator, key, values }) =>
            operator === "stringequals" && key === tag && !values.some((value) => /[*?]/.test(value)),
        ),
      );
      if (services.includes("pods.eks.amazonaws.com") && !podBound)
        return "pods with any service account may assume the role.";
      const free = services.filter((service) => !(service in withoutSource));
      return (
        free.length > 0 &&
        !boundsCaller(statement) &&
        `${free.join(", ")} may assume the role on behalf of any account.`
      );
    },
  ),
  noStatement(
    trusts,
    {
      name: "iam-federated-trust-bound",
      description:
        "IAM role trust policies for web identities must limit the audience and the subject of the token.",
      severity: "critical",
      remediation:
        "Add conditions on the provider's :aud and :sub claims. Compare :sub with complete values: for GitHub, the repository and one environment or branch.",
      url: `${guide}/id_roles_create_for-idp_oidc.html`,
    },
    ({ allows, actions, tests }) => {
      if (!allows || !actions.some((action) => covers(action, "sts:AssumeRoleWithWebIdentity")))
        return undefined;
      const subjects = tests.filter(
        ({ key, operator }) => key.endsWith(":sub") && !/not|ifexists|null/.test(operator),
      );
      if (subjects.length === 0) return "no condition limits the token's subject (:sub).";
      if (!tests.some(({ key, operator }) => key.endsWith(":aud") && /^string(equals|like)$/.test(operator)))
        return "no condition limits the token's audience (:aud).";
      const open = subjects.flatMap(({ values }) => values.filter((value) => anyBranch.test(value)));
      return open.length > 0 && `the subject ${open.join(", ")} allows any branch or pull request.`;
    },
  ),
  onType(
    "aws:iam/role:Role",
    {
      name: "iam-no-inline-role-policies",
      description: "IAM roles must not set inlinePolicies or managedPolicyArns.",
      severity: "medium",
      remediation: "Use aws.iam.RolePolicy and aws.iam.RolePolicyAttachment, which the other policies check.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    },
    (role, { report }) => {
      const count = (role.inlinePolicies?.length ?? 0) + (role.managedPolicyArns?.length ?? 0);
      if (count > 0) report(`inlinePolicies and managedPolicyArns must have no entries; found ${count}.`);
    },
  ),
  onTypes<{ policyArn?: string }>(
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
    ],
    {
      name: "iam-no-administrator-access",
      description:
        "IAM identities must not have AWS managed policies attached, except those for service roles.",
      severity: "critical",
      remediation:
        "Attach a policy that allows only the required actions. AdministratorAccess, PowerUserAccess, IAMFullAccess and other FullAccess policies are for people.",
      url: `${guide}/access_policies_job-functions.html`,
    },
    (attachment, { report }) => {
      const found = ifUnknown("", () => attachment.policyArn ?? "");
      if (/^arn:[^:]*:iam::aws:/.test(found) && !attachable.test(found))
        report(`policyArn is ${shown(found)}; it must not be an AWS managed policy for people.`);
    },
  ),
  onTypes<{ policyArn?: string; accessScope?: { type?: string } }>(
    ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
    {
      name: "eks-access-policy-known",
      description: "EKS access entries must use EKS access policies with a scope.",
      severity: "high",
      remediation:
        "Set policyArn to the ARN of an AmazonEKS… access policy, and accessScope.type to cluster or namespace.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    },
    ({ policyArn, accessScope }, { report }) => {
      if (!/^arn:aws:eks::aws:cluster-access-policy\/AmazonEKS\w+$/.test(policyArn ?? ""))
        report(`policyArn is ${shown(policyArn)}; it must be the ARN of an EKS access policy.`);
      if (!/^(cluster|namespace)$/.test(accessScope?.type ?? ""))
        report(`accessScope.type is ${shown(accessScope?.type)}; it must be "cluster" or "namespace".`);
    },
  ),
  onTypes<{ kubernetesGroups?: string[]; principalArn?: string }>(
    ["aws:eks/accessEntry:AccessEntry"],
    {
      name: "eks-access-entry-plain",
      description: "EKS access entries must name one principal and must not use Kubernetes system groups.",
      severity: "critical",
      remediation:
        "Remove groups that start with system: from kubernetesGroups, and set principalArn to the ARN of one role or user.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    },
    (entry, { report }) => {
      const groups = (entry.kubernetesGroups ?? []).filter((group) => group.startsWith("system:"));
      if (groups.length > 0)
        report(`kubernetesGroups contains ${groups.join(", ")}; it must not contain system groups.`);
      const principal = ifUnknown("", () => entry.principalArn ?? "nothing");
      if (principal !== "" && (/[*?]|:root$/.test(principal) || principal === "nothing"))
        report(`principalArn is ${shown(entry.principalArn)}; it must be the ARN of one role or user.`);
    },
  ),
];
