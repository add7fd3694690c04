import assert from "node:assert/strict";
import { complianceConsent } from "../../config/recovery/backups";
import { statements } from "../../policies/lib/statements";
import { faultsOf, itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/frozen";

const vault = { hour: 20, dailyDays: 7, weeklyDays: 30, monthlyDays: 90, lock: { mode: "none" } };
const elsewhere = "arn:aws:backup:ap-northeast-2:444444444444:backup-vault:copies";
const lockOf = (mode: object) => set("backups.vault.lock", mode);

describe("AWS Backup", () => {
  it("creates recovery points of every database, file system and bucket, except backup buckets", async () => {
    const recording = await recordingOf("prod");
    const { inputs, propertyDependencies } = recording.one("aws:backup/selection:Selection");
    assert.equal((inputs.resources as unknown[]).length, 7);
    const names = (propertyDependencies.resources ?? []).map((urn) => urn.split("::").at(-1) ?? "");
    const wanted = [
      ...["ams", "asset-management", "opmas", "tapwork"].map(
        (name) => `primary-${name}-stores-postgres-primary`,
      ),
      "primary-ams-stores-objects-bucket",
      "primary-asset-management-stores-files-files",
      "primary-asset-management-stores-uploads-bucket",
    ];
    assert.deepEqual(names.sort(), wanted.sort());
  });

  it("keeps them daily, weekly and monthly, as snapshots", async () => {
    const { rules } = (await recordingOf("prod")).one("aws:backup/plan:Plan").inputs;
    const found = (rules as { ruleName: string; schedule: string; lifecycle: object }[]).map(
      ({ ruleName, schedule, lifecycle }) => [ruleName, schedule, lifecycle],
    );
    assert.deepEqual(found, [
      ["daily", "cron(0 20 * * ? *)", { deleteAfter: 35 }],
      ["weekly", "cron(0 22 ? * SUN *)", { deleteAfter: 90 }],
      ["monthly", "cron(0 0 1 * ? *)", { deleteAfter: 2555, coldStorageAfter: 30 }],
    ]);
  });

  it("locks the vault with a removable lock, unless the stack file consents to a permanent one", async () => {
    const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
    const governance = (await recordingOf("prod")).one(lock, "primary-vault-lock").inputs;
    assert.deepEqual(
      [governance.minRetentionDays, governance.maxRetentionDays, governance.changeableForDays],
      [35, 2555, undefined],
    );
    const compliance = { mode: "compliance", changeableForDays: 7, consent: complianceConsent };
    assert.equal(
      (await recordingWith("prod", lockOf(compliance))).one(lock, "primary-vault-lock").inputs
        .changeableForDays,
      7,
    );
    const { message } = await faultsOf("prod", lockOf({ ...compliance, consent: "fine by me" }));
    assert.match(message, /backups\.vault\.lock\.consent.*nobody can delete recovery points/);
    assert.deepEqual((await recordingOf("staging")).ofType(lock), []);
  });

  it("keeps vault, lock and key, unless the stack is disposable", async () => {
    const of = (all: Awaited<ReturnType<typeof recordingOf>>) =>
      [...all.resources.values()]
        .filter(({ name }) => /^primary-vault-(vault|lock|key)$/.test(name))
        .map(({ name, options }) => [name.split("-").at(-1), options.retainOnDelete === true]);
    const kept = of(await recordingOf("prod"));
    assert.deepEqual(Object.fromEntries(kept), { key: true, vault: true, lock: true });
    const dev = await recordingWith("dev", set("backups", { vault }));
    assert.deepEqual(Object.fromEntries(of(dev)), { key: false, vault: false });
    assert.equal(dev.one("aws:backup/vault:Vault").inputs.forceDestroy, true);
    const locked = await faultsOf(
      "dev",
      set("backups", { vault: { ...vault, lock: { mode: "governance" } } }),
    );
    assert.match(locked.message, /a locked vault can't be deleted/);
  });

  it("restores each recovery point once a week, a database into its system's network", async () => {
    const recording = await recordingOf("prod");
    const plan = recording.one("aws:backup/restoreTestingPlan:RestoreTestingPlan").inputs;
    assert.deepEqual([plan.name, plan.scheduleExpression], ["plinth_prod_weekly", "cron(0 2 ? * WED *)"]);
    const selections = recording.ofType("aws:backup/restoreTestingSelection:RestoreTestingSelection");
    assert.deepEqual(selections.map(({ inputs }) => [inputs.protectedResourceType, inputs.name]).sort(), [
      ["EFS", "asset_management_files"],
      ...["ams", "asset_management", "opmas", "tapwork"].map((name) => ["RDS", `${name}_postgres`]),
      ["S3", "ams_objects"],
      ["S3", "asset_management_uploads"],
    ]);
    for (const { inputs, propertyDependencies } of selections) {
      const overrides = inputs.restoreMetadataOverrides as Record<string, unknown>;
      if (inputs.protectedResourceType !== "RDS") continue;
      // Without them AWS Backup takes the default VPC.
      assert.ok("vpcSecurityGroupIds" in overrides && "dbSubnetGroupName" in overrides);
      assert.deepEqual(
        propertyDependencies.protectedResourceArns?.map((urn) => urn.split("::").at(-1)),
        [
          `primary-${String(inputs.name)
            .replaceAll("_", "-")
            .replace(/-postgres$/, "")}-stores-postgres-primary`,
        ],
      );
    }
    const [alarm] = recording
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .filter(({ inputs }) => inputs.name === "plinth-prod-restore-tests");
    assert.match(String(alarm?.inputs.eventPattern), /restore-testing-plan:plinth_prod_weekly/);
    const topic = recording.one("aws:sns/topicPolicy:TopicPolicy", "primary-alarms-policy").inputs;
    assert.match(String(topic.policy), /rule\/plinth-prod-restore-tests/);
  });

  it("reports each day's jobs to a bucket that only AWS Backup writes to", async () => {
    const recording = await recordingOf("prod");
    assert.deepEqual(
      recording
        .ofType("aws:backup/reportPlan:ReportPlan")
        .map(({ inputs }) => [inputs.name, (inputs.reportSetting as object | undefined) ?? {}]),
      [
        ["plinth_prod_backup_jobs", { reportTemplate: "BACKUP_JOB_REPORT" }],
        ["plinth_prod_restore_jobs", { reportTemplate: "RESTORE_JOB_REPORT" }],
      ],
    );
    const policy = recording.one("aws:s3/bucketPolicy:BucketPolicy", "primary-vault-reports-policy");
    assert.match(JSON.stringify(policy.inputs.policy), /AWSServiceRoleForBackupReports/);
    // The service's role exists once the first plan does.
    const waits = policy.dependencies.map((urn) => urn.split("::").at(-1));
    for (const plan of ["backup", "restore"])
      assert.ok(waits.includes(`primary-vault-reports-${plan}`), plan);
  });

  it("copies to a vault in another account, which can use the keys", async () => {
    const second = {
      region: "ap-northeast-1",
      network: { cidr: "10.60.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] },
      systems: {},
    };
    const recording = await recordingWith("prod", (file) => {
      set("standby", second)(file);
      set("backups.vault.copyTo", elsewhere)(file);
    });
    const { rules } = recording.one("aws:backup/plan:Plan").inputs;
    const standby = "arn:aws:backup:ap-northeast-1:333333333333:backup-vault:plinth-prod-standby";
    assert.deepEqual(
      (rules as { copyActions?: { destinationVaultArn: string }[] }[]).map(({ copyActions = [] }) =>
        copyActions.map(({ destinationVaultArn }) => destinationVaultArn),
      ),
      [[standby, elsewhere], [], [standby, elsewhere]],
    );
    const shared = recording
      .ofType("aws:kms/key:Key")
      .filter(({ inputs }) => String(inputs.policy).includes("444444444444"))
      .map(({ name }) => name);
    assert.deepEqual(shared.sort(), ["primary-keys-data", "primary-vault-key"]);
    for (const name of shared)
      for (const statement of statements(recording.one("aws:kms/key:Key", name).inputs.policy) ?? [])
        if (statement.principals.some(({ value }) => value.includes("444444444444")))
          assert.ok(
            statement.tests.some(
              ({ key, values }) =>
                key === "aws:principalarn" && values[0]?.endsWith("/AWSServiceRoleForBackup"),
            ),
          );
    const [rule] = recording
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .filter(({ inputs }) => inputs.name === "plinth-prod-backup-copy-events");
    assert.ok(String(rule?.inputs.eventPattern).includes(elsewhere));
    assert.deepEqual(
      (await recordingOf("prod"))
        .ofType("aws:kms/key:Key")
        .filter(({ inputs }) => String(inputs.policy).includes(":iam::444444444444:")),
      [],
    );
  });

  it("reports failed copies in an environment whose only copy is in another account", async () => {
    const recording = await recordingWith(
      "staging",
      set("backups", { vault: { ...vault, copyTo: elsewhere }, streams: { everyHours: 24 } }),
    );
    const topic = recording.one("aws:sns/topicPolicy:TopicPolicy", "primary-alarms-policy").inputs;
    assert.match(String(topic.policy), /rule\/plinth-staging-backup-copy-events/);
  });

  itRefuses([
    {
      what: "copies in the same account",
      edit: set("backups.vault.copyTo", elsewhere.replace("444444444444", "333333333333")),
      path: "backups.vault.copyTo",
      says: /a vault of another account than plinth:account\.id/,
    },
    {
      what: "copies in another account and region at once",
      edit: set("backups.vault.copyTo", elsewhere.replace("northeast-2", "northeast-1")),
      path: "backups.vault.copyTo",
      says: /a vault in ap-northeast-2 .*plinth:standby is the copy in another region/,
    },
    {
      what: "copies in another partition",
      edit: set("backups.vault.copyTo", elsewhere.replace("arn:aws:", "arn:aws-cn:")),
      path: "backups.vault.copyTo",
      says: /the ARN of a backup vault in the partition aws/,
    },
    {
      what: "weekly recovery points that go before the daily ones",
      edit: set("backups.vault.weeklyDays", 30),
      path: "backups.vault.weeklyDays",
      says: /at least dailyDays \(35\)/,
    },
    {
      what: "monthly recovery points that leave cold storage too early",
      edit: set("backups.vault", { ...vault, coldDays: 30 }),
      path: "backups.vault.monthlyDays",
      says: /at least coldDays \+ 90 \(120\)/,
    },
  ]);
});
