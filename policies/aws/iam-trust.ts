import type { Policies } from "@pulumi/policy";
import { onType, onTypes } from "../lib/control";
import { noStatement } from "../lib/documents";
import { allowsAnyone, boundsCaller, covers } from "../lib/statements";
import { ifUnknown, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const trusts = { types: ["aws:iam/role:Role"] };

/** Services whose roles can't be limited to an account by the trust policy, with the reason. */
const withoutSource: Readonly<Record<string, string>> = {
  "ec2.amazonaws.com": "an instance profile is attached in its own account",
  "eks.amazonaws.com": "the control plane assumes the role without naming a cluster",
  "lambda.amazonaws.com": "only principals that may pass the role can create a function with it",
  "s3.amazonaws.com": "only principals that may pass the role can replicate a bucket with it",
  "pods.eks.amazonaws.com": "limited by session tags instead",
};

/** AWS managed policies that may be attached: each is for one service's role. */
const attachable =
  /^arn:aws:iam::aws:policy\/(AmazonEKS\w+Policy|AWSBackupServiceRolePolicyForS3(Backup|Restore)|AmazonEC2ContainerRegistry(PullOnly|ReadOnly)|AmazonSSMManagedInstanceCore|CloudWatchAgentServerPolicy|service-role\/\w+)$/;

/**
 * Subjects that a token of any branch has, or of any pull request: a wildcard anywhere, and GitHub's own word
 * for pull requests. Source: GitHub, OpenID Connect reference, example subject claims.
 */
const anyBranch = /[*?]|:pull_request$/;

/** Trust policies, AWS managed policies, and the cluster's access entries. */
export const iamTrust: Policies = [
  noStatement(
    { ...trusts, reads: true },
    {
      name: "iam-trust-not-open",
      description: "No role can be assumed by everyone.",
      severity: "critical",
      remediation: "Name the service, account or identity provider in assumeRolePolicy.",
      url: `${guide}/id_roles_update-role-trust-policy.html`,
    },
    // Whatever the condition: a role's callers can always be named.
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
        "A role that a service assumes is for this account's resources, or for one service account.",
      severity: "high",
      remediation:
        "Test aws:SourceAccount or aws:SourceArn; for pods.eks.amazonaws.com test aws:RequestTag/kubernetes-namespace and kubernetes-service-account.",
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
        return "pods of any service account may assume it.";
      const free = services.filter((service) => !(service in withoutSource));
      return (
        free.length > 0 && !boundsCaller(statement) && `${free.join(", ")} may assume it for any account.`
      );
    },
  ),
  noStatement(
    trusts,
    {
      name: "iam-federated-trust-bound",
      description: "A role for web identities names the audience and the subjects that may assume it.",
      severity: "critical",
      remediation:
        "Test the provider's `:sub` claim with whole values: for GitHub the repository and one environment or branch; and its `:aud` claim.",
      url: `${guide}/id_roles_create_for-idp_oidc.html`,
    },
    ({ allows, actions, tests }) => {
      if (!allows || !actions.some((action) => covers(action, "sts:AssumeRoleWithWebIdentity")))
        return undefined;
      const subjects = tests.filter(
        ({ key, operator }) => key.endsWith(":sub") && !/not|ifexists|null/.test(operator),
      );
      if (subjects.length === 0) return "no condition bounds the token's subject.";
      if (!tests.some(({ key, operator }) => key.endsWith(":aud") && /^string(equals|like)$/.test(operator)))
        return "no condition names the token's audience.";
      const open = subjects.flatMap(({ values }) => values.filter((value) => anyBranch.test(value)));
      return open.length > 0 && `${open.join(", ")} lets in any branch or fork.`;
    },
  ),
  onType(
    "aws:iam/role:Role",
    {
      name: "iam-no-inline-role-policies",
      description: "A role's policies are separate resources, so that the other policies see them.",
      severity: "medium",
      remediation: "Use aws.iam.RolePolicy and aws.iam.RolePolicyAttachment.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    },
    (role, { report }) => {
      const count = (role.inlinePolicies?.length ?? 0) + (role.managedPolicyArns?.length ?? 0);
      if (count > 0)
        report(`inlinePolicies and managedPolicyArns have ${count} entries; both must be absent.`);
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
      description: "Only AWS managed policies for service roles are attached.",
      severity: "critical",
      remediation:
        "Attach a policy with the actions that are needed; AdministratorAccess, PowerUserAccess, IAMFullAccess and every FullAccess are for people.",
      url: `${guide}/access_policies_job-functions.html`,
    },
    (attachment, { report }) => {
      const found = ifUnknown("", () => attachment.policyArn ?? "");
      if (/^arn:[^:]*:iam::aws:/.test(found) && !attachable.test(found))
        report(`policyArn is ${shown(found)}.`);
    },
  ),
  onTypes<{ policyArn?: string; accessScope?: { type?: string } }>(
    ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
    {
      name: "eks-access-policy-known",
      description: "Access entries use one of EKS' own access policies, with a scope.",
      severity: "high",
      remediation:
        "Set policyArn to an AmazonEKS… access policy and accessScope.type to cluster or namespace.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    },
    ({ policyArn, accessScope }, { report }) => {
      if (!/^arn:aws:eks::aws:cluster-access-policy\/AmazonEKS\w+$/.test(policyArn ?? ""))
        report(`policyArn is ${shown(policyArn)}.`);
      if (!/^(cluster|namespace)$/.test(accessScope?.type ?? ""))
        report(`accessScope.type is ${shown(accessScope?.type)}.`);
    },
  ),
  onTypes<{ kubernetesGroups?: string[]; principalArn?: string }>(
    ["aws:eks/accessEntry:AccessEntry"],
    {
      name: "eks-access-entry-plain",
      description: "No access entry adds its principal to system:masters, and each names one principal.",
      severity: "critical",
      remediation: "Leave kubernetesGroups without system:…, and give the ARN of one role or user.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    },
    (entry, { report }) => {
      const groups = (entry.kubernetesGroups ?? []).filter((group) => group.startsWith("system:"));
      if (groups.length > 0) report(`kubernetesGroups has ${groups.join(", ")}.`);
      const principal = ifUnknown("", () => entry.principalArn ?? "nothing");
      if (principal !== "" && (/[*?]|:root$/.test(principal) || principal === "nothing"))
        report(`principalArn is ${shown(entry.principalArn)}.`);
    },
  ),
];
