import assert from "node:assert/strict";
import { drop, itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/frozen";

const type = "aws:fis/experimentTemplate:ExperimentTemplate";

describe("game days", () => {
  it("have an experiment for each zone and each database with a standby, stopped by alarms", async () => {
    const recording = await recordingOf("prod");
    const templates = recording.ofType(type);
    assert.deepEqual(templates.map(({ name }) => name.replace("primary-game-days-", "")).sort(), [
      ...["ams-postgres", "ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"],
      ...["asset-management-postgres", "opmas-postgres", "tapwork-postgres"],
    ]);
    const alarms = recording
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ inputs }) => String(inputs.name));
    for (const { name, inputs } of templates) {
      const stops = (inputs.stopConditions as { value: string }[]).map(({ value }) =>
        value.split(":").at(-1),
      );
      assert.equal(stops.length, 2, name);
      for (const stop of stops) assert.ok(alarms.includes(stop ?? ""), `${name}: no alarm ${stop}`);
    }
  });

  it("affect only the environment's own subnets and databases", async () => {
    const recording = await recordingOf("prod");
    const target = (name: string) =>
      (recording.one(type, `primary-game-days-${name}`).inputs.targets as Record<string, unknown>[])[0];
    const subnets = target("ap-northeast-2b");
    assert.deepEqual(subnets?.resourceTags, [
      { key: "Project", value: "plinth" },
      { key: "Environment", value: "prod" },
    ]);
    assert.equal(
      (subnets?.parameters as Record<string, unknown>).availabilityZoneIdentifier,
      "ap-northeast-2b",
    );
    const { policy } = recording.one("aws:iam/rolePolicy:RolePolicy", "primary-game-days-role-policy").inputs;
    const [, failOver] = (policy as { Statement: { Action: unknown; Resource: unknown[] }[] }).Statement;
    assert.deepEqual([failOver?.Action, failOver?.Resource.length], ["rds:RebootDBInstance", 4]);
  });

  it("skip databases without a standby, and create nothing without experiments", async () => {
    const alone = await recordingWith("dev", set("gameDays", { zoneMinutes: 5 }));
    assert.ok(alone.ofType(type).length > 0 && alone.ofType(type).every(({ name }) => /-2[a-d]$/.test(name)));
    const none = await recordingWith("prod", drop("gameDays"));
    assert.deepEqual(none.ofType(type), []);
    assert.deepEqual(
      none.ofType("aws:iam/role:Role").filter(({ name }) => name.includes("game-days")),
      [],
    );
  });

  itRefuses([
    {
      what: "an experiment that ends before a zone counts as lost",
      edit: set("gameDays.zoneMinutes", 1),
      path: "gameDays.zoneMinutes",
      says: /5/,
    },
  ]);
});
