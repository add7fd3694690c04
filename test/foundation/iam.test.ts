import assert from "node:assert/strict";
import type { FoundationSettings } from "../../config";
import { covers, isOpenResource } from "../../policies/lib/statements";
import { mappings } from "../engine/providers/models/calls";
import { copies } from "../stacks/iam/audit";
import { accessLogs, alarmKey, byIam, topic } from "../stacks/iam/documents";
import { replicating } from "../stacks/iam/standby";
import { may, wordsOf, type Words } from "../stacks/iam/rights";
import { foundations } from "../support/foundations";
import { grantsOf, linesOf, type Granted } from "../support/iam/grants";
import { identifiedFoundation, identifiedStack } from "../support/iam/recordings";
import { stacks, type Stack } from "../support/stacks";
import { github, issuer, nameOf, refs, subjects } from "./github";

const trail = ({ prefix, arn }: Words) => arn("cloudtrail", `trail/${prefix}-audit`);

const stateBucket = ({ prefix, account }: Words) => `arn:aws:s3:::${prefix}-state-${account}`;

/** Terms for the second region, if there is one. */
const secondOf = ({ prefix, account, secondRegion: region }: FoundationSettings): Words | undefined =>
  region === undefined
    ? undefined
    : wordsOf({
        prefix: `${prefix}-standby`,
        account: { ...account, region: region as typeof account.region },
      });

/** The copy of the states: its own keys, topic and access logs, and S3, which replicates it. */
const copy = (words: Words, second: Words, rules: readonly string[]): string[] => [
  ...byIam(
    words,
    ["alarms", "state-secrets", "state-state"].map((key) => `foundation-standby-${key}`),
  ),
  ...alarmKey(second, "key foundation-standby-alarms", second.prefix),
  ...topic(second, `${second.prefix}-alarms`, rules),
  ...accessLogs({ edge: { cdn: undefined } }, second),
  ...replicating("role foundation-standby-replication-role", [words, second].map(stateBucket), [
    [words.key("foundation-state-state"), words.region],
    [words.key("foundation-standby-state-state"), second.region],
  ]),
];

/** The roles of one environment's workflows: their access to the states, and who can assume them. */
function pipeline(
  words: Words,
  second: Words | undefined,
  environment: string,
  { repository, environments }: FoundationSettings["pipelines"],
): string[] {
  const settled = environments[environment];
  const places = second === undefined ? [words] : [words, second];
  const states = places.map(stateBucket);
  const owners = ["foundation-state", ...(second === undefined ? [] : ["foundation-standby-state"])];
  const role = (kind: string) => `role foundation-pipelines-${environment}-${kind}`;
  const rights = (holder: string, objects: string[], key: string[], secrets: string[]) => [
    ...may(holder, ["s3:ListBucket", "s3:GetBucketLocation"], states),
    ...may(
      holder,
      objects.map((call) => `s3:${call}Object`),
      states.map((bucket) => `${bucket}/.pulumi/*`),
    ),
    ...may(
      holder,
      key.map((call) => `kms:${call}`),
      owners.map((owner) => words.key(`${owner}-state`)),
      ["StringEquals", "kms:ViaService", ...places.map(({ region }) => `s3.${region}.amazonaws.com`)],
    ),
    ...may(
      holder,
      secrets.map((call) => `kms:${call}`),
      owners.map((owner) => words.key(`${owner}-secrets`)),
      ["StringEquals", "kms:EncryptionContext:environment", environment],
    ),
  ];
  const subject = (what: string) => subjects([repository], what);
  return [
    ...github(
      words,
      role("deploy"),
      [repository],
      { sub: subject(`environment:${environment}`), environment: [environment] },
      ["StringLike", `${issuer}:ref`, ...refs(settled)],
    ),
    ...rights(
      role("deploy"),
      ["Get", "Put", "Delete"],
      ["Decrypt", "GenerateDataKey"],
      ["Decrypt", "Encrypt"],
    ),
    `${role("deploy")} has arn:aws:iam::${words.account}:policy/${words.prefix}-deploy`,
    ...github(words, role("preview"), [repository], {
      sub: [
        ...subject(`environment:${environment}-preview`),
        ...(settled?.previewBranches ?? []).flatMap((branch) => subject(`ref:refs/heads/${branch}`)),
      ],
    }),
    ...rights(role("preview"), ["Get"], ["Decrypt"], ["Decrypt"]),
    ...may(
      role("preview"),
      ["kms:Decrypt"],
      places.map(({ region }) => words.arn("kms", "key/*", region)),
      ["StringEquals", "aws:ResourceAccount", words.account],
      ["StringEquals", "kms:ViaService", ...places.map(({ region }) => `lambda.${region}.amazonaws.com`)],
    ),
    ...may(
      role("preview"),
      ["lambda:InvokeFunction"],
      words.arn("lambda", `function:${words.prefix}-*-secret-ages`),
    ),
  ];
}

/** Workflows of the systems' repositories push images, through `image.yml` of ours. */
function pushing(
  words: Words,
  { repository, push }: FoundationSettings["pipelines"],
  images: readonly string[],
): string[] {
  if (push === undefined) return [];
  const role = "role foundation-pipelines-push";
  const layers = ["BatchCheckLayerAvailability", "CompleteLayerUpload", "GetDownloadUrlForLayer"];
  const rest = ["BatchGetImage", "InitiateLayerUpload", "PutImage", "UploadLayerPart"];
  return [
    ...github(words, role, push.repositories, { sub: subjects(push.repositories, "ref:refs/heads/main") }, [
      "StringLike",
      `${issuer}:job_workflow_ref`,
      `${nameOf(repository)}/.github/workflows/image.yml@*`,
    ]),
    ...may(role, ["ecr:GetAuthorizationToken"], "*"),
    ...images.flatMap((name) =>
      may(
        role,
        [...layers, ...rest].map((call) => `ecr:${call}`),
        words.arn("ecr", `repository/${name}`),
      ),
    ),
  ];
}

/** The trail writes to its bucket, with its key; the bucket notifies a SIEM's queue. */
function audit(words: Words, siem: boolean): string[] {
  const bucket = `arn:aws:s3:::${words.prefix}-audit-${words.account}`;
  const service = "Service cloudtrail.amazonaws.com";
  const ofTrail = ["StringEquals", "aws:SourceArn", trail(words)] as const;
  const dataKeys = ["", "Pair", "PairWithoutPlaintext", "WithoutPlaintext"];
  return [
    ...byIam(words, ["foundation-audit-audit"]),
    ...may(
      service,
      [...dataKeys.map((kind) => `kms:GenerateDataKey${kind}`), "kms:Decrypt", "kms:DescribeKey"],
      "key foundation-audit-audit",
      ofTrail,
      words.ofAccount,
    ),
    ...may(service, ["s3:GetBucketAcl"], bucket, ofTrail),
    ...may(service, ["s3:PutObject"], `${bucket}/trail/AWSLogs/${words.account}/*`, ofTrail, [
      "StringEquals",
      "s3:x-amz-acl",
      "bucket-owner-full-control",
    ]),
    ...(siem ? files(words, bucket) : []),
  ];
}

/** The queue of new files: the bucket sends to it, with the trail's key. */
function files(words: Words, bucket: string): string[] {
  const ofBucket = [["ArnEquals", "aws:SourceArn", bucket] as const, words.ofAccount];
  const service = "Service s3.amazonaws.com";
  return [
    ...may(service, ["sqs:SendMessage"], words.arn("sqs", `${words.prefix}-audit-files`), ...ofBucket),
    ...may(service, ["kms:GenerateDataKey", "kms:Decrypt"], "key foundation-audit-audit", ...ofBucket),
  ];
}

/** AWS Config writes its files, and S3 copies them to the audit bucket. */
function recorded(words: Words, audited: boolean): string[] {
  const { prefix, account, ofAccount } = words;
  const bucket = `arn:aws:s3:::${prefix}-access-logs-${account}`;
  const service = "Service config.amazonaws.com";
  return [
    ...may(service, ["s3:GetBucketAcl", "s3:ListBucket"], bucket, ofAccount),
    ...may(service, ["s3:PutObject"], `${bucket}/config/AWSLogs/${account}/Config/*`, ofAccount, [
      "StringEquals",
      "s3:x-amz-acl",
      "bucket-owner-full-control",
    ]),
    ...(audited
      ? copies(words, "role foundation-audit-replicator", {
          bucket: `${prefix}-audit-${account}`,
          key: words.key("foundation-audit-audit"),
          prefixes: ["config/"],
        })
      : []),
  ];
}

/** Rules of EventBridge that publish findings to a region's topic. */
const findings = ({ detectors }: FoundationSettings, { prefix }: Words): string[] =>
  detectors === undefined ? [] : [`${prefix}-findings`];

const implied = (settings: FoundationSettings, words: Words, second = secondOf(settings)): string[] => [
  ...byIam(
    words,
    ["alarms", "registry-images", "state-secrets", "state-state"].map((key) => `foundation-${key}`),
  ),
  ...alarmKey(words, "key foundation-alarms", words.prefix),
  ...topic(words, `${words.prefix}-alarms`, findings(settings, words)),
  ...accessLogs({ edge: { cdn: undefined } }, words),
  ...(settings.audit === undefined ? [] : audit(words, settings.audit.siem)),
  ...(settings.detectors?.config === undefined ? [] : recorded(words, settings.audit !== undefined)),
  ...Object.keys(settings.pipelines.environments).flatMap((environment) =>
    pipeline(words, second, environment, settings.pipelines),
  ),
  ...(second === undefined ? [] : copy(words, second, findings(settings, second))),
  ...pushing(words, settings.pipelines, settings.images.repositories),
];

/** Policies that the deploy roles share: what they need follows from the stacks. */
const deploy = "foundation-pipelines-deploy";
const shared = ["foundation-pipelines-boundary", deploy];

/** Statements of the preview roles whose actions follow from the stacks, too: `roles.test.ts`. */
const looks: Granted["sid"][] = ["Look", "LookAtOne", "LookAtIdentities"];

/** Services by the prefix of their IAM actions, if it differs from the API's name. */
const prefixes: Readonly<Record<string, string>> = {
  efs: "elasticfilesystem",
  amp: "aps",
  elbv2: "elasticloadbalancing",
  opensearch: "es",
  sesv2: "ses",
};

/** Services without a registered resource, with the reason why a deployment uses them. */
const withoutResources: Readonly<Record<string, string>> = {
  ecr: "images that a stack file says how to build are pushed",
  shield: "a stack file may protect its edge with Shield Advanced",
};

/** Services of which a deploy role has single actions, by name: `boundary.test.ts`. */
const named = ["budgets", "iam", "route53", "ssm"];

/** Calls that create the resources of a stack, and that a deploy policy doesn't allow. */
async function refusedOf(stack: Stack, granted: readonly Granted[]): Promise<string[]> {
  const { recording } = await identifiedStack(stack);
  const actions = [...recording.resources.values()].flatMap(({ type }) =>
    (mappings[type]?.calls ?? [])
      .filter(({ service }) => !named.includes(service))
      .map(({ service, operation }) => `${prefixes[service] ?? service}:${operation}`),
  );
  const allows = (action: string) =>
    granted.some(
      ({ statement }) =>
        statement.allows &&
        statement.resources.includes("*") &&
        statement.actions.some((each) => covers(each, action)),
    );
  return [...new Set(actions)].filter((action) => !allows(action));
}

/** Actions that grant an identity permissions, or remove its boundary. Source: IAM service authorization reference. */
const givesRights =
  /^iam:(\*|(Attach|Put|Detach|Delete)(Role|User|Group)(Policy|PermissionsBoundary)|Create(Role|User|Group|LoginProfile|Policy\w*)|SetDefaultPolicyVersion|AddUserToGroup)$/;

/** Permissions of a deployment beyond its regions, names and boundary: none but to ask whether a role exists. */
const unboundedIn = (granted: readonly Granted[], settings: FoundationSettings): string[] => {
  const { prefix, account, secondRegion } = settings;
  const regions = [account.region, ...(secondRegion === undefined ? [] : [secondRegion]), "us-east-1"];
  const boundary = `arn:aws:iam::${account.id}:policy/${prefix}-boundary`;
  const tests = ({ statement }: Granted, key: string, values: readonly string[]) =>
    statement.tests.some(
      (test) =>
        test.operator === "stringequals" &&
        test.key === key &&
        [...test.values].sort().join() === [...values].sort().join(),
    );
  const named =
    /:(role|user|instance-profile)\/([\w-]+-\*\/secrets\/)?(primary|standby)-\*$|:role\/aws-service-role\/\*$/;
  return granted.flatMap((one) => {
    const { actions, resources } = one.statement;
    const of = (service: string) => actions.some((action) => action.startsWith(`${service}:`));
    return [
      ...(resources.includes("*") && !of("route53") && !tests(one, "aws:requestedregion", regions)
        ? [`${one.sid}: in any region`]
        : []),
      ...(actions.some((action) => givesRights.test(action)) &&
      !tests(one, "iam:permissionsboundary", [boundary])
        ? [`${one.sid}: without the boundary`]
        : []),
      ...(of("iam") && actions.join() !== "iam:GetRole" && !resources.every((arn) => named.test(arn))
        ? [`${one.sid}: any identity`]
        : []),
    ];
  });
};

for (const stack of foundations)
  describe(`the foundation of ${stack}: IAM`, () => {
    it("grants what the settings imply, and nothing else", async () => {
      const { recording, settings } = await identifiedFoundation(stack);
      const words = wordsOf(settings);
      const granted = await linesOf(
        recording,
        grantsOf(recording).filter(({ name, sid }) => !shared.includes(name) && !looks.includes(sid)),
      );
      const wanted = implied(settings, words);
      assert.deepEqual(
        granted.filter((one) => !wanted.includes(one)),
        [],
      );
      assert.deepEqual(
        wanted.filter((one) => !granted.includes(one)),
        [],
      );
    });

    it("restricts a deployment to its regions, names and boundary", async () => {
      const { recording, settings } = await identifiedFoundation(stack);
      const granted = grantsOf(recording).filter(({ name }) => name === deploy);
      assert.ok(granted.length > 5);
      assert.deepEqual(unboundedIn(granted, settings), []);
    });

    it("lets a deployment create every resource of every stack, in exactly the services that it uses", async () => {
      const { recording, settings } = await identifiedFoundation(stack);
      const granted = grantsOf(recording).filter(({ name }) => name === deploy);
      const deployed = stacks.filter((each) => each in settings.pipelines.environments);
      assert.notDeepEqual(deployed, []);
      for (const each of deployed) assert.deepEqual(await refusedOf(each, granted), [], each);
      const used = await Promise.all(
        stacks.map(async (each) =>
          [...(await identifiedStack(each)).recording.resources.values()].flatMap(({ type }) =>
            (mappings[type]?.calls ?? []).map(({ service }) => prefixes[service] ?? service),
          ),
        ),
      );
      const services = new Set([...used.flat(), ...Object.keys(withoutResources)]);
      const whole = granted.flatMap(({ statement }) =>
        statement.resources.some(isOpenResource)
          ? statement.actions.flatMap((action) => /^([\w-]+):\*$/.exec(action)?.[1] ?? [])
          : [],
      );
      assert.deepEqual(
        whole.filter((service) => !services.has(service) || named.includes(service)),
        [],
      );
      assert.deepEqual(
        Object.keys(withoutResources).filter((service) => !whole.includes(service)),
        [],
      );
    });
  });

describe("the foundation's IAM: what the checks find", () => {
  it("a deploy policy without its regions, its boundary or its names", async () => {
    const { recording, settings } = await identifiedFoundation("prod");
    const granted = grantsOf(recording).filter(({ name }) => name === deploy);
    const having = (part: Partial<Granted["statement"]>) =>
      unboundedIn(
        granted.map((one) => ({ ...one, statement: { ...one.statement, ...part } })),
        settings,
      );
    const found = [
      ...having({ tests: [] }),
      ...having({ resources: ["*"] }),
      ...having({ actions: ["iam:AttachUserPolicy"] }),
    ];
    for (const fault of [
      "ServicesOfTheRegion: in any region",
      "BoundedIdentities: without the boundary",
      "PassRoles: any identity",
      "Budgets: without the boundary",
    ])
      assert.ok(found.includes(fault), fault);
  });

  it("a service that the deploy policy leaves out", async () => {
    const { recording } = await identifiedFoundation("prod");
    const without = grantsOf(recording)
      .filter(({ name }) => name === deploy)
      .map((one) => ({
        ...one,
        statement: { ...one.statement, actions: one.statement.actions.filter((action) => action !== "es:*") },
      }));
    assert.deepEqual(await refusedOf("prod", without), ["es:CreateDomain"]);
  });
});
