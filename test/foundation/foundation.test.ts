import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { covers, documentOf, statements, type Statement } from "../../policies/lib/statements";
import type { Recording } from "../../preview/run-program";
import { isUnknown } from "../../preview/wire";
import { podImages } from "../support/images";
import { foundationIn, foundationOf, foundations, foundationWith } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

const root = join(__dirname, "../..");
const issuer = "token.actions.githubusercontent.com";

const documentsOf = (recording: Recording, type: string, property: string) =>
  new Map(
    recording.ofType(type).map(({ name, inputs }) => [name, statements(inputs[property]) ?? []] as const),
  );

const trusts = (recording: Recording) => documentsOf(recording, "aws:iam/role:Role", "assumeRolePolicy");

const testsOf = (statement: Statement | undefined) =>
  Object.fromEntries(
    (statement?.tests ?? []).map(({ operator, key, values }) => [`${operator} ${key}`, values]),
  );

/** Whether some statement refuses an action on a resource, whatever else allows it. */
const refuses = (document: readonly Statement[], action: string, resource = "*") =>
  document.some(
    ({ allows, actions, resources, tests }) =>
      !allows &&
      tests.length === 0 &&
      actions.some((each) => covers(each, action)) &&
      resources.some((each) => covers(each, resource)),
  );

for (const stack of foundations)
  describe(`the foundation of ${stack}`, () => {
    it("lets one environment of one repository deploy, from named branches", async () => {
      const { recording } = await foundationOf(stack);
      const [trust] = trusts(recording).get(`foundation-pipelines-${stack}-deploy`) ?? [];
      assert.deepEqual(testsOf(trust), {
        [`stringequals ${issuer}:aud`]: ["sts.amazonaws.com"],
        [`stringequals ${issuer}:repository`]: ["acme/plinth"],
        [`stringequals ${issuer}:sub`]: [`repo:acme/plinth:environment:${stack}`],
        [`stringequals ${issuer}:environment`]: [stack],
        [`stringequals ${issuer}:ref`]: ["refs/heads/main"],
      });
    });

    it("lets previews in by their environment, and from main", async () => {
      const { recording } = await foundationOf(stack);
      const [trust] = trusts(recording).get(`foundation-pipelines-${stack}-preview`) ?? [];
      assert.deepEqual(testsOf(trust)[`stringequals ${issuer}:sub`], [
        `repo:acme/plinth:environment:${stack}-preview`,
        "repo:acme/plinth:ref:refs/heads/main",
      ]);
    });

    it("gives previews nothing that changes anything, and no secret but those of its own state", async () => {
      const { recording, settings } = await foundationOf(stack);
      const { account, secondRegion } = settings;
      const regions = [account.region, ...(secondRegion === undefined ? [] : [secondRegion])];
      const rights = documentsOf(recording, "aws:iam/rolePolicy:RolePolicy", "policy");
      const document = rights.get(`foundation-pipelines-${stack}-preview-policy`) ?? [];
      const actions = document.flatMap((statement) => statement.actions);
      // Of functions, that which reports secrets' ages alone: test/foundation/iam.test.ts.
      const looks =
        /^[a-z0-9]+:(Describe|List)\*$|^s3:(GetObject|ListBucket|GetBucketLocation)$|^(kms:Decrypt|lambda:InvokeFunction)$/;
      assert.deepEqual(
        actions.filter((action) => !looks.test(action)),
        [],
      );
      const decrypting = document.filter((statement) => statement.actions.includes("kms:Decrypt"));
      assert.deepEqual(
        decrypting.map(({ tests }) => tests.map(({ key, values }) => [key, values])),
        [
          [["kms:viaservice", regions.map((region) => `s3.${region}.amazonaws.com`)]],
          [["kms:encryptioncontext:environment", [stack]]],
        ],
      );
    });

    it("holds what deploys, and what it makes, to what doesn't touch the foundation", async () => {
      const { recording, settings } = await foundationOf(stack);
      const boundary = recording.one("aws:iam/policy:Policy", "foundation-pipelines-boundary");
      const document = documentOf(boundary.type, boundary.inputs);
      assert.ok(Array.isArray(document));
      const account = `arn:aws:iam::${settings.account.id}`;
      const state = `arn:aws:s3:::plinth-state-${settings.account.id}`;
      for (const [action, resource] of [
        ["iam:DeleteRolePermissionsBoundary", "*"],
        ["iam:UpdateAssumeRolePolicy", `${account}:role/plinth-deploy`],
        ["iam:PutRolePolicy", `${account}:role/plinth-preview`],
        ["iam:CreatePolicyVersion", `${account}:policy/plinth-boundary`],
        ["iam:DeleteOpenIDConnectProvider", "*"],
        ["cloudtrail:StopLogging", "*"],
        ["guardduty:DeleteDetector", "*"],
        ["s3:DeleteBucketPolicy", state],
        ["s3:DeleteObjectVersion", `${state}/.pulumi/stacks/plinth/${stack}.json`],
        ["organizations:LeaveOrganization", "*"],
      ] as const)
        assert.ok(refuses(document, action, resource), `${action} on ${resource}`);
      assert.ok(!refuses(document, "s3:PutObject", `${state}/.pulumi/stacks/plinth/${stack}.json`));
      assert.ok(!refuses(document, "iam:CreateRole", `${account}:role/primary-cluster-node`));
    });

    it("has a policy of each document that IAM takes", async () => {
      const { recording } = await foundationOf(stack);
      // Source: IAM user guide, IAM and STS quotas: a managed policy has 6,144 characters, without white space.
      for (const { name, inputs } of recording.ofType("aws:iam/policy:Policy"))
        assert.ok(JSON.stringify(inputs.policy).length <= 6144, name);
    });
  });

describe("the role that pushes images", () => {
  it("is taken by image.yml alone, from main of the named repositories, and may only push", async () => {
    const { recording, settings } = await foundationOf("dev");
    const [trust] = trusts(recording).get("foundation-pipelines-push") ?? [];
    const repositories = ["acme/ams", "acme/asset-management", "acme/opmas", "acme/tapwork"];
    assert.deepEqual(testsOf(trust), {
      [`stringequals ${issuer}:aud`]: ["sts.amazonaws.com"],
      [`stringequals ${issuer}:repository`]: repositories,
      [`stringequals ${issuer}:sub`]: repositories.map((name) => `repo:${name}:ref:refs/heads/main`),
      [`stringlike ${issuer}:job_workflow_ref`]: ["acme/plinth/.github/workflows/image.yml@*"],
    });
    const rights = documentsOf(recording, "aws:iam/rolePolicy:RolePolicy", "policy");
    const [login, push] = rights.get("foundation-pipelines-push-policy") ?? [];
    assert.deepEqual([login?.actions, login?.resources], [["ecr:GetAuthorizationToken"], ["*"]]);
    assert.deepEqual(
      push?.resources,
      settings.images.repositories.map(
        (name) => `arn:aws:ecr:ap-northeast-2:${settings.account.id}:repository/${name}`,
      ),
    );
  });

  it("is there only where the stack file names it", async () => {
    const { recording } = await foundationOf("prod");
    assert.equal(trusts(recording).get("foundation-pipelines-push"), undefined);
  });
});

describe("the audit trail", () => {
  it("records all regions, who asks for objects, and not the writing of logs", async () => {
    const { recording, settings } = await foundationOf("prod");
    const { inputs } = recording.one("aws:cloudtrail/trail:Trail");
    assert.equal(inputs.isMultiRegionTrail, true);
    const text = JSON.stringify(inputs.advancedEventSelectors);
    assert.match(text, /"equals":\["Management"\]/);
    assert.match(text, new RegExp(`"arn:aws:s3:::plinth-audit-${settings.account.id}/"`));
    const lock = (name: string) =>
      recording.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", name).inputs.rule;
    assert.deepEqual(lock("foundation-audit-lock"), { defaultRetention: { days: 365, mode: "COMPLIANCE" } });
    // Versions of the state are backups of it.
    assert.deepEqual(lock("foundation-state-lock"), { defaultRetention: { days: 90, mode: "GOVERNANCE" } });
  });

  it("lets the trail alone write, and outlives the lock by a day", async () => {
    const { recording } = await foundationOf("prod");
    const policy = recording.one("aws:s3/bucketPolicy:BucketPolicy", "foundation-audit-policy");
    const writers = (statements(policy.inputs.policy) ?? []).filter(
      ({ allows, actions }) => allows && actions.includes("s3:PutObject"),
    );
    assert.deepEqual(
      writers.map(({ principals }) => principals.map(({ value }) => value)),
      [["cloudtrail.amazonaws.com"]],
    );
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const { rules } = recording.one(type, "foundation-audit-lifecycle").inputs;
    assert.match(JSON.stringify(rules), /"expiration":\{"days":366\}/);
  });

  it("has the questions that an auditor asks first, on the files that the trail writes", async () => {
    const { recording } = await foundationOf("prod");
    const found = new Map(
      recording
        .ofType("aws:athena/namedQuery:NamedQuery")
        .map(({ inputs }) => [String(inputs.name), String(inputs.query)]),
    );
    assert.deepEqual([...found.keys()].sort(), [
      "blocked-requests",
      "cluster-secrets-and-shells",
      "database-audit",
      "dns-queries",
      "dns-table",
      "failed-logins",
      "logs-table",
      "refused-connections",
      "secret-reads",
      "security-group-changes",
      "table",
    ]);
    const { s3KeyPrefix } = recording.one("aws:cloudtrail/trail:Trail").inputs;
    const bucket = "s3://plinth-audit-333333333333";
    assert.ok(found.get("table")?.includes(`${bucket}/${String(s3KeyPrefix)}/AWSLogs/`));
    // The day's place is where Firehose and the resolver put their files.
    assert.ok(found.get("logs-table")?.includes(`'${bucket}/logs/\${day}'`));
    assert.ok(
      found
        .get("dns-table")
        ?.includes(`'${bucket}/dns/AWSLogs/333333333333/vpcdnsquerylogs/\${vpc}/\${day}'`),
    );
  });
});

describe("the queue for a SIEM", () => {
  it("gets a message for each file, from the audit bucket alone", async () => {
    const { recording } = await foundationOf("prod");
    const [queue] = recording.one("aws:s3/bucketNotification:BucketNotification").inputs.queues as [
      { events: string[]; filterPrefix?: string },
    ];
    assert.deepEqual([queue.events, queue.filterPrefix], [["s3:ObjectCreated:*"], undefined]);
    const policy = statements(recording.one("aws:sqs/queuePolicy:QueuePolicy").inputs.policy) ?? [];
    const key = statements(recording.one("aws:kms/key:Key", "foundation-audit-audit").inputs.policy) ?? [];
    for (const [document, actions] of [
      [policy, ["sqs:SendMessage"]],
      [key, ["kms:GenerateDataKey", "kms:Decrypt"]],
    ] as const) {
      const given = document.filter(
        ({ allows, principals }) => allows && principals.some(({ value }) => value === "s3.amazonaws.com"),
      );
      assert.deepEqual(
        given.map((statement) => [statement.actions, testsOf(statement)]),
        [
          [
            actions,
            {
              "stringequals aws:sourceaccount": ["333333333333"],
              "arnequals aws:sourcearn": ["arn:aws:s3:::plinth-audit-333333333333"],
            },
          ],
        ],
      );
    }
  });

  it("is there where the stack file asks for it", async () => {
    const { recording } = await foundationOf("dev");
    assert.deepEqual(recording.ofType("aws:sqs/queue:Queue"), []);
  });
});

describe("AWS Config", () => {
  it("records as its service-linked role, delivers where it may, starts with a channel, then has rules", async () => {
    const { recording } = await foundationOf("prod");
    const recorder = recording.one("aws:cfg/recorder:Recorder");
    const channel = recording.one("aws:cfg/deliveryChannel:DeliveryChannel");
    const status = recording.one("aws:cfg/recorderStatus:RecorderStatus");
    assert.deepEqual(recorder.inputs.recordingMode, { recordingFrequency: "DAILY" });
    assert.equal(channel.inputs.s3BucketName, "plinth-access-logs-333333333333");
    assert.ok(channel.dependencies.includes(recorder.urn));
    assert.ok(status.dependencies.includes(channel.urn));
    const rules = recording.ofType("aws:cfg/rule:Rule");
    assert.equal(rules.length, 3);
    for (const rule of rules) assert.ok(rule.dependencies.includes(status.urn), rule.name);
    // It supports no bucket with a default retention: S3 copies its files to the locked one.
    const copied = recording.one(
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      "foundation-audit-log-copies",
    );
    assert.match(
      JSON.stringify(copied.inputs.rules),
      /"prefix":"config\/".*arn:aws:s3:::plinth-audit-333333333333/,
    );
  });

  it("uses the role that the account has", async () => {
    const { recording } = await foundationWith("prod", (file) =>
      file.setIn(["config", "plinth-foundation:detectors", "config"], { role: "exists" }),
    );
    assert.equal(recording.ofType("aws:iam/serviceLinkedRole:ServiceLinkedRole").length, 0);
    assert.equal(
      recording.one("aws:cfg/recorder:Recorder").inputs.roleArn,
      "arn:aws:iam::333333333333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
    );
    assert.equal(recording.ofType("aws:cfg/rule:Rule").length, 0);
  });

  it("is off where the stack file leaves it out, and then may not write", async () => {
    const { recording } = await foundationOf("dev");
    assert.equal(recording.ofType("aws:cfg/recorder:Recorder").length, 0);
    const { policy } = recording.one(
      "aws:s3/bucketPolicy:BucketPolicy",
      "foundation-access-logs-policy",
    ).inputs;
    assert.ok(!JSON.stringify(policy).includes("config.amazonaws.com"));
  });
});

describe("what watches the account", () => {
  it("is off where the stack file leaves it out, and each switch is one of its own", async () => {
    const without = await foundationWith("dev", (file) =>
      file.deleteIn(["config", "plinth-foundation:detectors"]),
    );
    assert.equal(without.recording.ofType("aws:guardduty/detector:Detector").length, 0);
    const some = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:detectors"], { securityHub: false, inspector: false }),
    );
    assert.equal(some.recording.ofType("aws:guardduty/detectorFeature:DetectorFeature").length, 5);
    assert.equal(some.recording.ofType("aws:securityhub/account:Account").length, 0);
    const { inputs } = some.recording.one("aws:cloudwatch/eventRule:EventRule");
    assert.match(String(inputs.eventPattern), /"aws.guardduty".*"numeric":\[">=",7\]/);
  });

  it("sends findings from HIGH on to the alarm topic, which lets the rule publish", async () => {
    const { recording } = await foundationOf("prod");
    const { inputs } = recording.one("aws:cloudwatch/eventRule:EventRule");
    assert.match(String(inputs.eventPattern), /"Label":\["HIGH","CRITICAL"\]/);
    const policy =
      statements(
        recording.one("aws:sns/topicPolicy:TopicPolicy", "foundation-alarms-policy").inputs.policy,
      ) ?? [];
    const rule = `arn:aws:events:ap-northeast-2:333333333333:rule/${String(inputs.name)}`;
    assert.ok(
      policy.some(({ allows, tests }) => allows && tests.some(({ values }) => values.includes(rule))),
    );
  });
});

const foundationUnder = async (stack: string) => foundationIn((await settingsOf(stack)).account.id);

describe("the foundation and the environments of its account", () => {
  for (const stack of stacks)
    describe(stack, () => {
      it("has the role that the environment names as its first administrator", async () => {
        const { settings } = await foundationUnder(stack);
        const { account, cluster, permissionsBoundary } = await settingsOf(stack);
        const { deployRole } = settings.pipelines.environments[stack] ?? {};
        assert.equal(settings.account.id, account.id);
        assert.equal(cluster.access.admin[0], `arn:aws:iam::${account.id}:role/${deployRole ?? ""}`);
        assert.equal(permissionsBoundary, `arn:aws:iam::${account.id}:policy/${settings.prefix}-boundary`);
      });

      it("has a repository or a cache for every image of the registry", async () => {
        const { settings } = await foundationUnder(stack);
        const { registry, imageMirrors } = await settingsOf(stack);
        const prefixes = Object.entries(settings.images.caches).map(([name, cache]) => [
          name,
          `${registry}/${cache.prefix}`,
        ]);
        for (const [name, mirror] of Object.entries(imageMirrors))
          assert.equal(Object.fromEntries(prefixes)[name], mirror);
        const images = podImages(await recordingOf(stack)).filter((image) =>
          image.startsWith(`${registry}/`),
        );
        assert.ok(images.length > 5, String(images.length));
        const homeless = images
          .map((image) => image.slice(registry.length + 1).replace(/(:[^/]*)?(@.*)?$/, ""))
          .filter(
            (name) =>
              !settings.images.repositories.includes(name) &&
              !Object.values(settings.images.caches).some(({ prefix }) => name.startsWith(`${prefix}/`)),
          );
        assert.deepEqual([...new Set(homeless)], [], "add them to plinth-foundation:images.repositories");
      });

      it("may write into the environment's zones", async () => {
        const { settings } = await foundationUnder(stack);
        const { edge } = await settingsOf(stack);
        assert.deepEqual(settings.zones, edge.zones);
      });

      it("may use the regions that the environment is in, and no other", async () => {
        const { account, standby } = await settingsOf(stack);
        const { recording } = await foundationUnder(stack);
        const deploy = documentsOf(recording, "aws:iam/policy:Policy", "policy").get(
          "foundation-pipelines-deploy",
        );
        const regions = [account.region, ...(standby === undefined ? [] : [standby.region]), "us-east-1"];
        assert.deepEqual(testsOf(deploy?.[0])["stringequals aws:requestedregion"], regions);
      });

      it("limits every role and user that the environment makes by the boundary", async () => {
        const recording = await recordingOf(stack);
        const { permissionsBoundary, ...settings } = await settingsOf(stack);
        const { recording: foundation } = await foundationUnder(stack);
        const [deploy] = [...documentsOf(foundation, "aws:iam/policy:Policy", "policy")].flatMap(
          ([name, document]) => (name.endsWith("-deploy") ? [document] : []),
        );
        const made =
          (deploy ?? []).find(({ actions }) => actions.includes("iam:CreateRole"))?.resources ?? [];
        const identities = ["aws:iam/role:Role", "aws:iam/user:User"].flatMap((type) =>
          recording.ofType(type),
        );
        assert.ok(identities.length > 10);
        for (const { name, inputs } of identities) {
          assert.equal(inputs.permissionsBoundary, permissionsBoundary, name);
          // IAM's names end in a random part.
          const arn = `arn:aws:iam::${settings.account.id}:role/${name}-0a1b2c3`;
          assert.ok(
            made.some((pattern) => covers(pattern, arn)),
            `the deploy role may not make ${name}`,
          );
        }
      });
    });
});

describe("a foundation that makes its zones", () => {
  it("has them in its outputs, and lets deployments write into them", async () => {
    const { recording } = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:zones"], { "dev.example.com": "create" }),
    );
    assert.equal(recording.one("aws:route53/zone:Zone").inputs.name, "dev.example.com");
    assert.ok(isUnknown((recording.outputs.zones as Record<string, string>)["dev.example.com"]));
  });
});

describe("npm run preview -- foundation/<stack>", () => {
  it("previews the project in the folder, with the policy pack's verdicts", () => {
    const text = execFileSync(process.execPath, ["preview/run.mjs", "foundation/prod"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.match(text, /^foundation\/prod as a new stack: /);
    assert.match(text, /, 0 violated/);
    assert.match(text, /pulumi --cwd foundation up --stack prod --policy-pack \.\.\/policies/);
  });
});
