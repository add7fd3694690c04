import type { Policies } from "@pulumi/policy";
import { boundaries, deployPolicies } from "./deploy-rights";
import { carriersOf, noStatement } from "../lib/documents";
import { bounds, covers, isOpenResource, type Statement } from "../lib/statements";
import { isLater, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const grants = { types: carriersOf("grant") };

/** Read-only actions, and actions that IAM can't limit to a resource. */
const boundless = [
  // Metadata, not content. Most of these actions support no resource.
  /^[a-z0-9-]+:(describe|list)[a-z]*\*?$/i,
  // A registry's token grants no access to repositories, which have their own actions.
  /^ecr:getauthorizationtoken$/i,
  /^cloudwatch:(get|put)metricdata$/i,
  /^tag:getresources$/i,
  /^xray:put(tracesegments|telemetryrecords)$/i,
  /^sts:getcalleridentity$/i,
  // A change of records has an id that Route 53 creates with it.
  // Health checks have ids, which Route 53 gives.
  /^route53:(getchange|changetagsforresource|(create|delete|get|update)healthcheck)$/i,
  // Numbers of the account, of any service; and the storage of a backup vault, which IAM can't name.
  /^(servicequotas:get(awsdefault)?servicequota|backup-storage:mountcapsule)$/i,
  // A function in a VPC creates network interfaces, whose ids aren't known before.
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
/** Actions with rules of their own. */
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
      description: "No policy allows every action, or every action but a few.",
      severity: "critical",
      remediation: "List the actions that are needed, and the ARNs they are needed on.",
      url: `${guide}/best-practices.html`,
    },
    ({ allows, actions, actionsInverted }) => {
      if (!allows) return undefined;
      if (actionsInverted) return "a statement allows everything but a few actions (NotAction).";
      return actions.some(isAll) && 'a statement allows Action "*".';
    },
  ),
  noStatement(
    { ...grants, except: deployPolicies },
    {
      name: "iam-no-service-wildcard",
      description: "No policy allows actions by a wildcard, except Describe and List.",
      severity: "critical",
      remediation:
        "List the actions. A wildcard may follow Describe and List, and stand for the variants of one KMS action.",
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
      return wild.length > 0 && `a statement allows ${wild.join(", ")}.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-resources-named",
      description: "A policy names its resources.",
      severity: "critical",
      remediation:
        "Give the ARNs, with account and name; a wildcard may follow the beginning of a name. Only Describe, List and actions that IAM binds to no resource may have any.",
      url: `${guide}/best-practices.html`,
    },
    (statement) => {
      const { allows, actions, actionsInverted, resources } = statement;
      if (!allows || actionsInverted || !onEverything(statement) || boundsResource(statement))
        return undefined;
      // A wildcard is reported already.
      const free = actions.filter(
        (action) => !isBoundless(action) && !/[*?]/.test(action) && !ownRules.test(action),
      );
      return free.length > 0 && `a statement allows ${free.join(", ")} on ${shown(resources)}.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-no-pass-role-wildcard",
      description: "No policy lets its holder pass any role to a service.",
      severity: "critical",
      remediation: "Name the roles that may be passed in the statement's Resource.",
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
      description: "No policy allows privilege escalation through IAM.",
      severity: "critical",
      remediation: "Leave identities and their policies to the program that creates them.",
      url: `${guide}/best-practices.html`,
    },
    ({ allows, actions, actionsInverted }) => {
      const found = allows && !actionsInverted && uses(actions, ...escalations);
      return found && `a statement allows ${found}.`;
    },
  ),
  noStatement(
    grants,
    {
      name: "iam-key-use-bound",
      description: "Permissions for a KMS key are bound to the service that stores the data.",
      severity: "high",
      remediation: "Test kms:ViaService (or the encryption context) in the statement's Condition.",
      url: "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
    },
    ({ allows, actions, actionsInverted, tests }) => {
      // EKS itself encrypts Secrets, without another service: such statements include kms:DescribeKey.
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
      description: "SES permissions name the sender.",
      severity: "critical",
      remediation:
        "Name the identity in Resource, or test ses:FromAddress: in the sandbox SES asks for the recipient's identity too, so identity/* with that condition is right.",
      url: `${guide}/best-practices.html`,
    },
    (statement) =>
      statement.allows &&
      !statement.actionsInverted &&
      uses(statement.actions, "ses:SendRawEmail", "ses:SendEmail") !== undefined &&
      ((onEverything(statement) &&
        !bounds(statement, new Set(["ses:fromaddress"])) &&
        "a statement allows ses:Send* from any identity, without a condition on ses:FromAddress.") ||
        (!statement.resources.every((one) => isLater(one) || /^arn:[^:]+:ses:[^:*?]+:\d{12}:/.test(one)) &&
          "a statement allows ses:Send* with identities of any region or account.")),
  ),
];
