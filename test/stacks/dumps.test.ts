import assert from "node:assert/strict";
import { dumpFiles } from "../../components/jobs/dump-scripts";
import type { Recording } from "../../preview/run-program";
import { objects } from "../support/objects";
import { firstRegionOf, recordingOf, recordingWith } from "../support/recordings";
import { drop, set } from "../support/edits";
import { has, stacks } from "../support/stacks";
import { catalog } from "../../systems";
import { specOf } from "../support/inputs";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Each has one database, and a bucket for its backups. */
const systemCount = Object.keys(catalog).length;

/** Actions on the objects below a prefix of a bucket that the policy of a role allows. */
const objectActions = (recording: Recording, prefix: string): Record<string, string[]> =>
  Object.fromEntries(
    recording.ofType("aws:iam/rolePolicy:RolePolicy").flatMap(({ name, inputs }) => {
      const { Statement: all } = inputs.policy as unknown as { Statement: Statement[] };
      const actions = all
        .filter(({ Resource }) => JSON.stringify(Resource).includes(`arn:aws:s3:::${prefix}/`))
        .flatMap(({ Action }) => Action);
      // S3's replication role for the second region isn't the system's.
      return actions.length === 0 || name.startsWith("standby-") ? [] : [[name, actions]];
    }),
  );

for (const stack of stacks.filter((each) => has(each, "backups.dumps")))
  describe(`${stack}: dumps`, () => {
    it("give each prefix of a backup bucket one writer, which can neither read nor delete", async () => {
      const recording = await firstRegionOf(stack);
      const buckets = recording
        .ofType("aws:s3/bucket:Bucket")
        .filter(({ name }) => /^primary-.*-backups-bucket$/.test(name));
      assert.equal(buckets.length, systemCount);
      for (const { name, inputs } of buckets) {
        const system = name.replace(/^primary-(.*)-stores-backups-bucket$/, "$1");
        const [writes, reads] = [["s3:PutObject", "s3:AbortMultipartUpload"], ["s3:GetObject"]];
        const bucket = String(inputs.bucket);
        assert.deepEqual(objectActions(recording, `${bucket}/dumps`), {
          [`primary-${system}-postgres-dump-policy`]: writes,
          [`primary-${system}-postgres-restore-test-policy`]: reads,
        });
        const streams = {
          "primary-opmas-nats-backup-policy": writes,
          "primary-opmas-nats-restore-policy": reads,
        };
        assert.deepEqual(objectActions(recording, `${bucket}/streams`), system === "opmas" ? streams : {});
      }
    });

    it("log in as the reader, at a replica where there is one", async () => {
      const recording = await firstRegionOf(stack);
      for (const [name, { manifest }] of objects(recording, "ExternalSecret")) {
        if (!name.endsWith("-postgres-dump")) continue;
        const { data } = manifest.spec as { data: { remoteRef: { property: string } }[] };
        assert.deepEqual(
          data.map(({ remoteRef }) => remoteRef.property),
          ["readUser", "readPassword"],
        );
      }
      const hostOf = (system: string) => {
        const job = recording.resources.get(
          [...recording.resources.keys()].find((urn) =>
            urn.endsWith(`::primary-${system}-${system}-postgres-dump-job`),
          ) ?? "",
        );
        return job?.propertyDependencies.spec
          ?.filter((urn) => urn.includes("rds/instance"))
          .map((urn) => urn.split("::").at(-1));
      };
      assert.deepEqual(hostOf("tapwork"), ["primary-tapwork-stores-postgres-primary"]);
      if (stack === "prod")
        assert.deepEqual(hostOf("asset-management"), [
          "primary-asset-management-stores-postgres-reporting-0",
        ]);
    });

    it("raise an alarm if none has succeeded for 26 hours, if one is small, and if none was restored", async () => {
      const recording = await firstRegionOf(stack);
      const alarms = recording
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(({ inputs }) => /^Dump/.test(String(inputs.metricName)))
        .map(({ inputs }) => inputs);
      assert.equal(alarms.length, 3 * systemCount);
      for (const alarm of alarms) {
        const seconds = Number(alarm.period) * Number(alarm.evaluationPeriods);
        // CloudWatch's limit for periods of an hour and more.
        assert.ok(seconds <= 7 * 24 * 3600);
        const [, metric] = /--metric-name (\w+)/.exec(Object.values(dumpFiles).join()) ?? [];
        if (alarm.treatMissingData === "breaching" && alarm.metricName === metric)
          assert.equal(seconds, 26 * 3600);
      }
    });
  });

describe("dumps", () => {
  it("run only where the stack file has them", async () => {
    // The night schedule has jobs of its own.
    const jobs = (recording: Recording) =>
      [...objects(recording, "CronJob")].filter(([name]) => !name.startsWith("schedule/"));
    assert.deepEqual(jobs(await recordingOf("dev")), []);
    const recording = await recordingWith("dev", (file) => {
      set("backups", { dumps: { hour: 3 } })(file);
      drop("costs.schedule")(file);
    });
    const schedules = jobs(recording).map(
      ([, { manifest }]) => (manifest.spec as { schedule: string }).schedule,
    );
    assert.deepEqual([...new Set(schedules)].sort(), ["17 3 * * *", "17 7 * * 2,6"]);
  });

  it("are restored onto a volume that fits the database's maximum and is deleted with the pod", async () => {
    const recording = await recordingOf("prod");
    const found = [...objects(recording, "CronJob")].find(([name]) =>
      name.endsWith("/ams-postgres-restore-test"),
    );
    const { jobTemplate } = specOf<{
      jobTemplate: { spec: { template: { spec: { volumes: Record<string, unknown>[] } } } };
    }>(found?.[1].manifest);
    const disk = jobTemplate.spec.template.spec.volumes.find(({ name }) => name === "disk") as unknown as {
      ephemeral: { volumeClaimTemplate: { spec: { storageClassName: string; resources: unknown } } };
    };
    const { storageClassName, resources } = disk.ephemeral.volumeClaimTemplate.spec;
    assert.deepEqual([storageClassName, resources], ["scratch", { requests: { storage: "500Gi" } }]);
  });
});
