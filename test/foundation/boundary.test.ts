import assert from "node:assert/strict";
import { covers, statements, type Statement } from "../../policies/lib/statements";
import { foundationIn, foundationOf, foundations } from "../support/foundations";
import { identifiedStack } from "../support/iam/recordings";
import { stacks, type Stack } from "../support/stacks";

/** What the boundary refuses, and that together with the deploy role's rights it leaves what a deployment needs. */

/** A request: the action, the resource, and what IAM knows of it beside that. */
interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

const documents = async (stack: string) => {
  const { recording } = await foundationOf(stack);
  const read = (type: string, name: string) => statements(recording.one(type, name).inputs.policy) ?? [];
  const managed = "aws:iam/policy:Policy";
  return {
    boundary: read(managed, "foundation-pipelines-boundary"),
    deploy: read(managed, "foundation-pipelines-deploy"),
  };
};

/** Whether a statement is about a request, with its conditions: the operators that these documents have. */
function applies({ actions, resources, tests }: Statement, { action, resource, context = {} }: Request) {
  return (
    actions.some((each) => covers(each, action)) &&
    resources.some((each) => covers(each, resource)) &&
    tests.every(({ operator, key, values }) => {
      const value = Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1];
      if (operator === "stringequals" || operator === "foranyvalue:stringequals")
        return value !== undefined && values.includes(value);
      assert.equal(operator, "stringnotequals", `${operator} isn't read here`);
      return value === undefined || !values.includes(value);
    })
  );
}

const refused = (document: readonly Statement[], request: Request) =>
  document.some((one) => !one.allows && applies(one, request));
const allowed = (document: readonly Statement[], request: Request) =>
  !refused(document, request) && document.some((one) => one.allows && applies(one, request));

/** Actions of a role's and of a user's whole life. Source: the provider's functions that make, change and delete it. */
const lives: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/role:Role": [
    "CreateRole",
    "DeleteRole",
    "GetRole",
    "ListAttachedRolePolicies",
    "ListInstanceProfilesForRole",
    "ListRolePolicies",
    "PassRole",
    "PutRolePermissionsBoundary",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
  ],
  "aws:iam/rolePolicy:RolePolicy": ["DeleteRolePolicy", "GetRolePolicy", "PutRolePolicy"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    "AttachRolePolicy",
    "DetachRolePolicy",
    "ListAttachedRolePolicies",
  ],
  "aws:iam/user:User": [
    "CreateUser",
    "DeleteUser",
    "GetUser",
    "ListGroupsForUser",
    "PutUserPermissionsBoundary",
    "TagUser",
    "UntagUser",
  ],
  "aws:iam/userPolicy:UserPolicy": ["DeleteUserPolicy", "GetUserPolicy", "PutUserPolicy"],
  "aws:iam/accessKey:AccessKey": ["CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey"],
  "aws:iam/instanceProfile:InstanceProfile": [
    "AddRoleToInstanceProfile",
    "CreateInstanceProfile",
    "DeleteInstanceProfile",
    "GetInstanceProfile",
    "RemoveRoleFromInstanceProfile",
    "TagInstanceProfile",
    "UntagInstanceProfile",
  ],
};

/** What a stack's deployment asks for by name: its identities, records, health checks, budget and association. */
async function asked(stack: Stack): Promise<Request[]> {
  const { recording, account, settings } = await identifiedStack(stack);
  const { region } = settings.account;
  const iam = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  const boundary = { "iam:PermissionsBoundary": String(settings.permissionsBoundary) };
  const owner = (kind: "role" | "user", name: string): string => {
    const found = [...recording.ofType(`aws:iam/${kind}:${kind === "role" ? "Role" : "User"}`)].find(
      (one) => one.name === name,
    );
    return iam(kind, `${String(found?.inputs.path ?? "/").slice(1)}${name}`);
  };
  const identities = Object.entries(lives).flatMap(([type, names]) =>
    recording.ofType(type).flatMap(({ name, inputs }) => {
      const resource =
        type === "aws:iam/instanceProfile:InstanceProfile"
          ? iam("instance-profile", name)
          : /user|accessKey/.test(type)
            ? owner("user", String(inputs.user ?? name))
            : owner("role", String(inputs.role ?? name));
      const context = { ...boundary, "aws:ResourceAccount": account };
      return names.map((action) => ({ action: `iam:${action}`, resource, context }));
    }),
  );
  const on = (resources: readonly string[], service: string, actions: readonly string[]): Request[] =>
    resources.flatMap((resource) =>
      actions.map((action) => ({
        action: `${service}:${action}`,
        resource,
        context: { "aws:ResourceAccount": account },
      })),
    );
  const checks = recording.ofType("aws:route53/healthCheck:HealthCheck").map(({ name }) => name);
  const associations = recording.ofType("aws:ssm/association:Association");
  return [
    ...identities,
    ...on(
      Object.values(settings.edge.zones).map((id) => `arn:aws:route53:::hostedzone/${id}`),
      "route53",
      ["ChangeResourceRecordSets", "GetHostedZone", "ListResourceRecordSets"],
    ),
    ...on(["arn:aws:route53:::change/C0"], "route53", ["GetChange"]),
    ...on(checks.length > 0 ? ["*"] : [], "route53", ["CreateHealthCheck"]),
    ...on(
      checks.map((id) => `arn:aws:route53:::healthcheck/${id}`),
      "route53",
      [
        "ChangeTagsForResource",
        "DeleteHealthCheck",
        "GetHealthCheck",
        "ListTagsForResource",
        "UpdateHealthCheck",
      ],
    ),
    ...on(
      recording
        .ofType("aws:budgets/budget:Budget")
        .map(({ inputs }) => `arn:aws:budgets::${account}:budget/${String(inputs.name)}`),
      "budgets",
      ["ListTagsForResource", "ModifyBudget", "TagResource", "UntagResource", "ViewBudget"],
    ),
    ...on(
      associations.flatMap(({ inputs }) => [
        `arn:aws:ssm:${region}::document/${String(inputs.name)}`,
        `arn:aws:ssm:${region}:${account}:association/it`,
        `arn:aws:ec2:${region}:${account}:instance/i-0`,
      ]),
      "ssm",
      ["CreateAssociation", "UpdateAssociation"],
    ),
    ...on(
      associations.map(() => `arn:aws:ssm:${region}:${account}:association/it`),
      "ssm",
      [
        "AddTagsToResource",
        "DeleteAssociation",
        "DescribeAssociation",
        "ListTagsForResource",
        "RemoveTagsFromResource",
      ],
    ),
    ...on(
      recording.ofType("aws:ec2/launchTemplate:LaunchTemplate").flatMap(({ inputs }) => {
        const [, name] = /^resolve:ssm:(.+)$/.exec(String(inputs.imageId)) ?? [];
        return name === undefined ? [] : [`arn:aws:ssm:${region}::parameter${name}`];
      }),
      "ssm",
      ["GetParameters"],
    ),
    // With the first use of each in an account.
    ...on(
      ["backup", "eks", "elasticache", "elasticloadbalancing", "opensearchservice", "rds"].map((service) =>
        iam("role", `aws-service-role/${service}.amazonaws.com/AWSServiceRoleForIt`),
      ),
      "iam",
      ["CreateServiceLinkedRole"],
    ),
  ];
}

/** Requests that no deployment may make, whatever else it is given. */
function forbidden(stack: string, prefix: string, account: string, standby: boolean): Request[] {
  const each = (
    resources: readonly string[],
    service: string,
    actions: readonly string[],
    context?: Request["context"],
  ): Request[] =>
    resources.flatMap((resource) =>
      actions.map((action) => ({ action: `${service}:${action}`, resource, ...(context && { context }) })),
    );
  const iam = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  const regions = standby ? ["", "standby-"] : [""];
  const buckets = [
    `${prefix}-audit-${account}`,
    ...regions.flatMap((region) => [
      `${prefix}-${region}state-${account}`,
      `${prefix}-${region}access-logs-${account}`,
    ]),
  ].map((name) => `arn:aws:s3:::${name}`);
  const keys = [
    "alarms",
    "audit",
    "images",
    "secrets",
    "state",
    ...(standby ? ["standby-alarms", "standby-state"] : []),
  ].map((purpose) => `alias/${prefix}-${purpose}`);
  const own = iam("role", "primary-cluster-node");
  const policies =
    lives["aws:iam/rolePolicy:RolePolicy"]?.filter((action) => !action.startsWith("Get")) ?? [];
  const unbounded = ["AttachRolePolicy", "CreateRole", "DetachRolePolicy", ...policies];
  return [
    // Without the boundary, and with another one.
    ...each([own], "iam", [...unbounded, "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"]),
    ...each([own], "iam", unbounded, { "iam:PermissionsBoundary": iam("policy", "other") }),
    ...each([iam("user", "primary-mail")], "iam", [
      "AttachUserPolicy",
      "CreateUser",
      "DeleteUserPermissionsBoundary",
      "DeleteUserPolicy",
      "DetachUserPolicy",
      "PutUserPermissionsBoundary",
      "PutUserPolicy",
    ]),
    ...each(
      ["deploy", "preview", ...(stack === "dev" ? ["push"] : [])].map((name) =>
        iam("role", `plinth-${name}`),
      ),
      "iam",
      [
        ...["AttachRolePolicy", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "PutRolePolicy"],
        ...["TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription"],
      ],
      { "iam:PermissionsBoundary": iam("policy", `${prefix}-boundary`) },
    ),
    ...each([iam("policy", `${prefix}-boundary`), iam("policy", `${prefix}-deploy`)], "iam", [
      "CreatePolicyVersion",
      "DeletePolicy",
      "DeletePolicyVersion",
      "SetDefaultPolicyVersion",
    ]),
    ...each([iam("oidc-provider", "token.actions.githubusercontent.com")], "iam", [
      "AddClientIDToOpenIDConnectProvider",
      "CreateOpenIDConnectProvider",
      "DeleteOpenIDConnectProvider",
      "RemoveClientIDFromOpenIDConnectProvider",
      "UpdateOpenIDConnectProviderThumbprint",
    ]),
    ...each(buckets, "s3", [
      "DeleteBucket",
      "DeleteBucketPolicy",
      "PutBucketLogging",
      "PutBucketNotification",
      "PutBucketObjectLockConfiguration",
      "PutBucketOwnershipControls",
      "PutBucketPolicy",
      "PutBucketPublicAccessBlock",
      "PutBucketVersioning",
      "PutEncryptionConfiguration",
      "PutLifecycleConfiguration",
      "PutReplicationConfiguration",
    ]),
    ...each(
      buckets.map((arn) => `${arn}/file`),
      "s3",
      ["BypassGovernanceRetention", "DeleteObjectVersion"],
    ),
    ...keys.flatMap((alias) => [
      ...each(
        [`arn:aws:kms:ap-northeast-2:${account}:key/it`],
        "kms",
        ["DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"],
        { "kms:ResourceAliases": alias },
      ),
      ...each([`arn:aws:kms:ap-northeast-2:${account}:${alias}`], "kms", ["DeleteAlias", "UpdateAlias"]),
    ]),
    ...each(["*"], "access-analyzer", ["DeleteAnalyzer"]),
    ...each(["*"], "cloudtrail", ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"]),
    ...each(["*"], "config", [
      "DeleteConfigRule",
      "DeleteConfigurationRecorder",
      "DeleteDeliveryChannel",
      "PutConfigurationRecorder",
      "PutDeliveryChannel",
      "StopConfigurationRecorder",
    ]),
    ...each(["*"], "guardduty", [
      "DeleteDetector",
      "DeleteFilter",
      "StopMonitoringMembers",
      "UpdateDetector",
    ]),
    ...each(["*"], "inspector2", ["Disable"]),
    ...each(["*"], "securityhub", ["BatchDisableStandards", "DeleteInsight", "DisableSecurityHub"]),
    ...each(["*"], "organizations", ["LeaveOrganization"]),
    ...each(["*"], "account", ["PutContactInformation"]),
  ];
}

const shown = ({ action, resource, context = {} }: Request) =>
  `${action} on ${resource} ${JSON.stringify(context)}`;

describe("the boundary of deployments", () => {
  for (const stack of stacks)
    it(`leaves what ${stack} needs by name, from its first deployment to its end`, async () => {
      const { account } = await identifiedStack(stack);
      const { settings } = await foundationIn(account);
      const foundation = foundations.find((each) => each in settings.pipelines.environments) ?? "";
      const { boundary, deploy } = await documents(foundation);
      const needed = await asked(stack);
      assert.ok(needed.length > 400);
      assert.deepEqual(
        needed.filter((one) => !allowed(deploy, one)).map(shown),
        [],
        "the deploy role doesn't allow it",
      );
      assert.deepEqual(
        needed.filter((one) => !allowed(boundary, one)).map(shown),
        [],
        "the boundary refuses it",
      );
    });

  it("is above a deploy role that may do nothing by name beyond that", async () => {
    const needed = (await Promise.all(stacks.map(asked))).flat().map(({ action }) => action);
    // The preflight's questions, and what AWS Backup does in the caller's name: roles.test.ts.
    const besides =
      /^(servicequotas:Get(AWSDefault)?ServiceQuota|backup-storage:MountCapsule|route53:ListTagsForResource)$/;
    for (const stack of foundations) {
      const { deploy } = await documents(stack);
      const single = deploy.flatMap(({ actions }) => actions).filter((action) => !action.endsWith(":*"));
      assert.deepEqual(
        single.filter((each) => !besides.test(each) && !needed.some((action) => covers(each, action))),
        [],
      );
    }
  });

  for (const stack of foundations)
    it(`refuses what would end the foundation of ${stack}`, async () => {
      const { settings } = await foundationOf(stack);
      const { boundary } = await documents(stack);
      const requests = forbidden(
        stack,
        settings.prefix,
        settings.account.id,
        settings.secondRegion !== undefined,
      );
      assert.ok(requests.length > 100);
      assert.deepEqual(requests.filter((one) => !refused(boundary, one)).map(shown), []);
    });

  for (const stack of stacks)
    it(`refuses nothing that ${stack} does to its own buckets and keys`, async () => {
      const { recording, account } = await identifiedStack(stack);
      const { settings } = await foundationIn(account);
      const foundation = foundations.find((each) => each in settings.pipelines.environments) ?? "";
      const { boundary } = await documents(foundation);
      const buckets = recording.ofType("aws:s3/bucket:Bucket").map(({ inputs }) => String(inputs.bucket));
      const aliases = recording.ofType("aws:kms/alias:Alias").map(({ inputs }) => String(inputs.name));
      assert.ok(buckets.length > 3 && aliases.length > 3);
      const requests = [
        ...buckets.flatMap((name) =>
          ["DeleteBucket", "PutBucketPolicy", "PutReplicationConfiguration"].map((action) => ({
            action: `s3:${action}`,
            resource: `arn:aws:s3:::${name}`,
          })),
        ),
        ...aliases.flatMap((alias) => [
          {
            action: "kms:ScheduleKeyDeletion",
            resource: `arn:aws:kms:ap-northeast-2:${account}:key/it`,
            context: { "kms:ResourceAliases": alias },
          },
          { action: "kms:DeleteAlias", resource: `arn:aws:kms:ap-northeast-2:${account}:${alias}` },
        ]),
      ];
      assert.deepEqual(requests.filter((one) => refused(boundary, one)).map(shown), []);
    });

  it("is found lacking without a name or a right that a deployment needs", async () => {
    const { deploy } = await documents("prod");
    const missing = async (part: (statement: Statement) => Partial<Statement>) => {
      const less = deploy.map((one) => ({ ...one, ...part(one) }));
      return (await asked("prod")).filter((one) => !allowed(less, one)).map(shown);
    };
    const nowhere = await missing(({ resources }) => ({
      resources: resources.filter((arn) => !arn.includes("/secrets/")),
    }));
    assert.ok(nowhere.some((one) => /iam:CreateRole on .*\/secrets\/primary-/.test(one)));
    const unable = await missing(({ actions }) => ({
      actions: actions.filter((action) => action !== "iam:DeleteRole"),
    }));
    assert.ok(unable.length > 10 && unable.every((one) => one.startsWith("iam:DeleteRole on ")));
  });
});
