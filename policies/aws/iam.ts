import type { Policies } from "@pulumi/policy";
import { onType, onTypes } from "../lib/control";
import { allowsAnyone, covers, type Statement, statements } from "../lib/statements";
import { each, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const grants = new Set([
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
]);
const isGrant = (type: string) => grants.has(type);

/** Anything that carries a policy document. */
interface Grant {
  policy?: unknown;
}

/** A rule that no statement of a policy document may be as `faulty` says. */
function noStatement(
  control: { name: string; description: string; remediation: string; found: string },
  faulty: (statement: Statement) => boolean,
) {
  const { found, ...rest } = control;
  return onTypes<Grant>(
    isGrant,
    { ...rest, severity: "critical", url: `${guide}/best-practices.html` },
    ({ policy }, { report }) => {
      const read = statements(policy);
      if (!read) report("policy is not a policy document.");
      else if (read.some((statement) => statement.allows && faulty(statement))) report(found);
    },
  );
}

/** Whether a statement's conditions test a key, whatever the case, against something else than a bare `*`. */
const bounds = ({ condition }: Statement, key: string) =>
  Object.values(condition)
    .flatMap((test) => Object.entries(test))
    .some(([name, value]) => name.toLowerCase() === key && ![value].flat().includes("*"));

const onEverything = ({ resources }: Statement) => resources.length === 0 || resources.includes("*");

/** Least privilege, as far as a document shows it. */
export const iam: Policies = [
  noStatement(
    {
      name: "iam-no-admin-statement",
      description: "No policy allows every action on every resource.",
      remediation: "List the actions that are needed, and the ARNs they are needed on.",
      found: 'a statement allows Action "*" (or everything but a few) on Resource "*".',
    },
    (statement) => onEverything(statement) && (statement.actionsInverted || statement.actions.includes("*")),
  ),
  noStatement(
    {
      name: "iam-no-service-wildcard",
      description: "No policy allows every action of a service on every resource.",
      remediation: "List the actions, or bound the resources or the statement's conditions.",
      found: 'a statement allows "service:*" on Resource "*" without a condition.',
    },
    (statement) =>
      onEverything(statement) &&
      !statement.actionsInverted &&
      Object.keys(statement.condition).length === 0 &&
      statement.actions.some((action) => /^[a-z0-9-]+:\*$/i.test(action)),
  ),
  noStatement(
    {
      name: "iam-no-pass-role-wildcard",
      description: "No policy lets its holder pass any role to a service.",
      remediation: "Name the roles that may be passed in the statement's Resource.",
      found: 'a statement allows iam:PassRole on Resource "*".',
    },
    (statement) =>
      onEverything(statement) &&
      !statement.actionsInverted &&
      statement.actions.some((action) => action !== "*" && covers(action, "iam:PassRole")),
  ),
  noStatement(
    {
      name: "iam-ses-sender-bound",
      description: "Whoever may send mail may send it from named addresses only.",
      remediation:
        "Name the identity in Resource, or test ses:FromAddress: in the sandbox SES asks for the recipient's identity too, so identity/* with that condition is right.",
      found: "a statement allows ses:Send* from any identity, without a condition on ses:FromAddress.",
    },
    (statement) =>
      !statement.actionsInverted &&
      statement.actions.some(
        (action) => action !== "*" && (covers(action, "ses:SendRawEmail") || covers(action, "ses:SendEmail")),
      ) &&
      (onEverything(statement) || statement.resources.some((resource) => resource.endsWith(":identity/*"))) &&
      !bounds(statement, "ses:fromaddress"),
  ),
  onType(
    "aws:iam/role:Role",
    {
      name: "iam-trust-not-open",
      description: "No role may be taken by whoever asks.",
      severity: "critical",
      remediation: "Name the service, account or identity provider in assumeRolePolicy.",
      url: `${guide}/id_roles_update-role-trust-policy.html`,
    },
    (role, { report }) => {
      const read = statements(role.assumeRolePolicy);
      if (!read) report("assumeRolePolicy is not a policy document.");
      else if (read.some(allowsAnyone)) report('a statement allows Principal "*" without a condition.');
    },
  ),
  onType(
    "aws:iam/role:Role",
    {
      name: "iam-federated-trust-bound",
      description: "A role that an identity provider's tokens may take says whose tokens.",
      severity: "critical",
      remediation:
        "Add a condition on the provider's `:sub` claim (for GitHub the repository), not a bare `*`.",
      url: `${guide}/id_roles_create_for-idp_oidc.html`,
    },
    (role, { report }) =>
      each(statements(role.assumeRolePolicy), ({ allows, actions, condition }) => {
        if (!allows || !actions.includes("sts:AssumeRoleWithWebIdentity")) return;
        const tests = Object.values(condition).flatMap((test) => Object.entries(test));
        const subjects = tests.filter(([key]) => key.endsWith(":sub")).flatMap(([, value]) => [value].flat());
        if (subjects.length === 0 || subjects.includes("*"))
          report("no condition bounds the token's subject.");
      }),
  ),
  onType(
    "aws:iam/role:Role",
    {
      name: "iam-no-inline-role-policies",
      description: "A role's policies stand in resources of their own, where the other rules see them.",
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
  onType(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    {
      name: "iam-no-administrator-access",
      description: "No role is given AdministratorAccess, PowerUserAccess or IAMFullAccess.",
      severity: "critical",
      remediation: "Attach a policy with the actions that are needed.",
      url: `${guide}/access_policies_job-functions.html`,
    },
    ({ policyArn }, { report }) => {
      if (/:aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(policyArn ?? "")) {
        report(`policyArn is ${shown(policyArn)}.`);
      }
    },
  ),
];
