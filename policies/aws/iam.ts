import type { Policies } from "@pulumi/policy";
import { boundaries, deployPolicies } from "./deploy-rights";
import { carriersOf, noStatement } from "../lib/documents";
import { bounds, covers, isOpenResource, type Statement } from "../lib/statements";
import { isLater, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const grants = { types: carriersOf("grant") };

/** Read-only actions, and actions that IAM can't limit to a resource. */
const boundless = [
  // Metadata, not content. Most of these actions have no resource-level permissions.
  /^[a-z0-9-]+:(describe|list)[a-z]*\*?$/i,
  // The token grants no access to repositories, which have their own actions.
  /^ecr:getauthorizationtoken$/i,
  /^cloudwatch:(get|put)metricdata$/i,
  /^tag:getresources$/i,
  /^xray:put(tracesegments|telemetryrecords)$/i,
  /^sts:getcalleridentity$/i,
  // Route 53 generates the IDs of changes and health checks.
  /^route53:(getchange|changetagsforresource|(create|delete|get|update)healthcheck)$/i,
  // Quotas of any service, and the storage of a backup vault, which has no ARN.
  /^(servicequotas:get(awsdefault)?servicequota|backup-storage:mountcapsule)$/i,
  // A function in a VPC creates network interfaces, whose IDs aren't known in advance.
  /^ec2:(createnetworkinterface|deletenetworkinterface|(un)?assignprivateipaddresses)$/i,
];
const isBoundless = (action: string) => boundless.some((pattern) => pattern.test(action));

/** Wildcards for variants of one action, as in AWS' own key policies. */
const variants = /^kms:(reencrypt|generatedatakey|encrypt|decrypt|describe)\*$/i;

/** Conditions on these keys limit a statement without a named resource. */
const resourceKeys = new Set([
  "aws:resourceaccount",
  "aws:resourceorgid",
  "ses:fromaddress",
  "kms:resourcealiases",
  "kms:encryptioncontext:aws:s3:arn",
  "cloudwatch:namespace",
]);
const boundsResource = (statement: Statement) =>
  bounds(statement, resourceKeys) ||
  statement.tests.some(({ key }) => key.startsWith("aws:resourcetag/") || key.startsWith("aws:requesttag/"));

const onEverything = ({ resources, resourcesInverted }: Statement) =>
  resourcesInverted || resources.length === 0 || resources.some(isOpenResource);
/** Actions that other policies check. */
const ownRules = /^(iam:pass|ses:send)/i;
const isAll = (action: string) => /^[*?]+(:[*?]*)?$/.test(action);
const passesRole = ({ actions, actionsInverted }: Statement) =>
  !actionsInverted && actions.some((action) => !isAll(action) && covers(action, "iam:PassRole"));
const uses = (actions: string[], ...names: string[]) =>
  actions.find((action) => !isAll(action) && names.some((name) => covers(action, name)));

/** Privilege escalation: actions that grant further permissions. */
const escalations = [
  "CreateAccessKey",
  "CreateLoginProfile",
  "UpdateLoginProfile",
  "UpdateAssumeRolePolicy",
  "AttachRolePolicy",
  "AttachUserPolicy",
  "AttachGroupPolicy",
  "PutRolePolicy",
  "PutUserPolicy",
  "PutGroupPolicy",
  "CreatePolicyVersion",
  "SetDefaultPolicyVersion",
  "AddUserToGroup",
  "DeleteRolePermissionsBoundary",
  "DeleteUserPermissionsBoundary",
].map((name) => `iam:${name}`);

/** Cryptographic use of a KMS key. */
const keyUses = ["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt"];
const keyBounds = /^kms:(viaservice|encryptioncontext(:.*)?|grantisforawsresource)$/;

/** Least privilege, as far as a policy document shows. */
export const iam: Policies = [
  noStatement(
    { ...grants, reads: true, except: boundaries },
    {
      name: "iam-no-admin-statement",
      description: 'IAM policies must not allow full "*" administrative privileges.',
      severity: "critical",
      remediation: "List the required actions in Action, and the ARNs that they apply to in Resource.",
      url: `${guide}/best-practices.html`,
    },
    ({ allows, actions, actionsInverted }) => {
      if (!allows) return undefined;
      if (actionsInverted) return "a statement allows all actions except those in NotAction.";
      return actions.some(isAll) && 'a statement allows Action "*".';
    },
  ),
  noStatement(
    { ...grants, except: deployPolicies },
    {
      name: "iam-no-service-wildcard",
      description: "IAM policies must not allow wildcard actions, except Describe and List.",
      severity: "critical",
      remediation:
        "List the required actions. Wildcards are only allowed after Describe and List, and for variants of one KMS action, such as kms:GenerateDataKey*.",
      url: `${guide}/best-practices.html`,
    },
    ({ allows, actions, actionsInverted }) => {
      if (!allows || actionsInverted) return undefined;
      const wild = actions.filter(
        (action) =>
          /[*?]/.test(action) &&
          !isAll(action) &&
          !isBoundless(action) &&
          !variants.test(action) &&
          !ownRules.test(action),
      );
      return wild.length > 0 && `a statement allows ${wild.join(", ")}; list the actions without wildcards.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-resources-named",
      description: "IAM policies must name the resources that they allow access to.",
      severity: "critical",
      remediation:
        'Set Resource to ARNs with account and name. A wildcard may follow the beginning of a name. Resource "*" is only allowed for Describe, List and actions without resource-level permissions.',
      url: `${guide}/best-practices.html`,
    },
    (statement) => {
      const { allows, actions, actionsInverted, resources } = statement;
      if (!allows || actionsInverted || !onEverything(statement) || boundsResource(statement))
        return undefined;
      // Another policy reports wildcards.
      const free = actions.filter(
        (action) => !isBoundless(action) && !/[*?]/.test(action) && !ownRules.test(action),
      );
      return free.length > 0 && `a statement allows ${free.join(", ")} on Resource ${shown(resources)}.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-no-pass-role-wildcard",
      description: "IAM policies must name the roles that iam:PassRole may pass.",
      severity: "critical",
      remediation: "Set Resource to the ARNs of the roles that may be passed.",
      url: `${guide}/id_roles_use_passrole.html`,
    },
    (statement) =>
      statement.allows &&
      passesRole(statement) &&
      onEverything(statement) &&
      `a statement allows iam:PassRole on Resource ${shown(statement.resources)}.`,
  ),
  noStatement(
    { ...grants, except: deployPolicies },
    {
      name: "iam-no-escalation",
      description: "IAM policies must not allow privilege escalation.",
      severity: "critical",
      remediation:
        "Remove the actions that change identities and their policies. The Pulumi program manages identities.",
      url: `${guide}/best-practices.html`,
    },
    ({ allows, actions, actionsInverted }) => {
      const found = allows && !actionsInverted && uses(actions, ...escalations);
      return found && `a statement allows ${found}, which can escalate privileges.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-key-use-bound",
      description: "IAM policies must limit the use of KMS keys to the service that stores the data.",
      severity: "high",
      remediation: "Add a condition on kms:ViaService or the encryption context to the statement.",
      url: "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
    },
    ({ allows, actions, actionsInverted, tests }) => {
      // EKS encrypts Secrets without another service. Its statement includes kms:DescribeKey.
      if (!allows || actionsInverted || actions.some((action) => covers(action, "kms:DescribeKey")))
        return undefined;
      const found = uses(actions, ...keyUses) ?? uses(actions, "kms:CreateGrant");
      const held = tests.some(
        ({ key, operator, values }) =>
          keyBounds.test(key) &&
          !/not|ifexists|null/.test(operator) &&
          !values.some((one) => /^[*?]+$/.test(one)),
      );
      return found && !held && `a statement allows ${found} without a condition on kms:ViaService.`;
    },
  ),
  noStatement(
    { ...grants, except: deployPolicies },
    {
      name: "iam-ses-sender-bound",
      description: "IAM policies that allow sending email with Amazon SES must limit the sender.",
      severity: "critical",
      remediation:
        "Set Resource to the ARN of the identity, or add a condition on ses:FromAddress. In the SES sandbox, the recipient's identity is also required, so use identity/* with that condition.",
      url: `${guide}/best-practices.html`,
    },
    (statement) =>
      statement.allows &&
      !statement.actionsInverted &&
      uses(statement.actions, "ses:SendRawEmail", "ses:SendEmail") !== undefined &&
      ((onEverything(statement) &&
        !bounds(statement, new Set(["ses:fromaddress"])) &&
        "a statement allows ses:Send* from any identity without a condition on ses:FromAddress.") ||
        (!statement.resources.every((one) => isLater(one) || /^arn:[^:]+:ses:[^:*?]+:\d{12}:/.test(one)) &&
          "a statement allows ses:Send* from identities in any region or account.")),
  ),
];
