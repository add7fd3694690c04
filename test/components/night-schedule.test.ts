import assert from "node:assert/strict";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

/** The stacks that have a schedule. */
const scheduled = async () => {
  const all = await Promise.all(stacks.map(async (stack) => ({ stack, settings: await settingsOf(stack) })));
  return all.filter(({ settings }) => settings.costs.schedule !== undefined);
};

describe("a night schedule", () => {
  it("mutes every alarm of the region, from the nodes' end until pods run again", async () => {
    for (const { stack } of await scheduled()) {
      const recording = await recordingOf(stack);
      const rules = recording.ofType("aws:cloudwatch/alarmMuteRule:AlarmMuteRule");
      const own = `${stack}: the schedule's own`;
      const names = recording
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .map(({ inputs }) => String(inputs.name))
        .filter((name) => !name.endsWith("-night-errors"));
      assert.deepEqual(
        rules.map(({ inputs }) => [
          (inputs.rule as { schedule: { expression: string; duration: string } }).schedule,
          [...(inputs.muteTargets as { alarmNames: string[] }).alarmNames].sort(),
        ]),
        [
          [
            { expression: "cron(0 18 * * MON,TUE,WED,THU)", duration: "PT930M", timezone: "Asia/Seoul" },
            [...names].sort(),
          ],
          [
            { expression: "cron(0 18 * * FRI)", duration: "PT3810M", timezone: "Asia/Seoul" },
            [...names].sort(),
          ],
        ],
        own,
      );
    }
  });

  it("starts each database before the nodes, and stops it after them, with a role for these alone", async () => {
    for (const { stack, settings } of await scheduled()) {
      const recording = await recordingOf(stack);
      const times = new Map<string, string[]>();
      for (const { inputs } of recording.ofType("aws:scheduler/schedule:Schedule")) {
        const { arn, input } = inputs.target as { arn: string; input: string };
        const { DbInstanceIdentifier: identifier } = JSON.parse(input) as { DbInstanceIdentifier: string };
        times.set(identifier, [
          ...(times.get(identifier) ?? []),
          `${arn.split(":").at(-1) ?? ""} ${String(inputs.scheduleExpression)}`,
        ]);
      }
      const identifiers = recording
        .ofType("aws:rds/instance:Instance")
        .map(({ inputs }) => String(inputs.identifier));
      assert.deepEqual([...times.keys()].sort(), [...identifiers].sort());
      for (const found of times.values())
        assert.deepEqual(found, [
          "startDBInstance cron(40 8 ? * MON,TUE,WED,THU,FRI *)",
          "stopDBInstance cron(20 18 ? * MON,TUE,WED,THU,FRI *)",
        ]);
      const policy = recording.one("aws:iam/rolePolicy:RolePolicy", "primary-schedule-role-policy");
      for (const identifier of identifiers)
        assert.match(
          JSON.stringify(policy.inputs.policy),
          new RegExp(`:${settings.account.id}:db:${identifier}"`),
        );
    }
  });

  it("stops the pool's nodes at night, and restores the stack file's limit in the morning", async () => {
    for (const { stack, settings } of await scheduled()) {
      const jobs = (await recordingOf(stack)).ofType("kubernetes:batch/v1:CronJob");
      const found = Object.fromEntries(
        jobs
          .filter(({ name }) => name.startsWith("primary-platform-schedule-"))
          .map(({ inputs }) => [(inputs.metadata as { name: string }).name, JSON.stringify(inputs.spec)]),
      );
      assert.match(
        found.sleep ?? "",
        /"schedule":"0 18 \* \* 1,2,3,4,5".*cpu.{1,6}:.{1,4}0.*DELETE.*nodepool%3Dworkloads/,
      );
      const { cpu } = settings.cluster.nodePool.limits;
      assert.match(
        found.wake ?? "",
        new RegExp(`"schedule":"0 9 \\* \\* 1,2,3,4,5".*cpu.{1,6}:.{1,4}${cpu}\\D`),
      );
      assert.doesNotMatch(found.wake ?? "", /DELETE/);
    }
  });
});

describe("a stack's budget", () => {
  it("counts resources with the stack's tags, and sends mail at shares of actual and forecast cost", async () => {
    for (const stack of stacks) {
      const { costs, project, alarms } = await settingsOf(stack);
      const { inputs } = (await recordingOf(stack)).one("aws:budgets/budget:Budget");
      assert.equal(inputs.limitAmount, String(costs.budget?.usd));
      assert.deepEqual(inputs.filterExpression, {
        ands: [
          { tags: { key: "Project", values: [project] } },
          { tags: { key: "Environment", values: [stack] } },
        ],
      });
      const notifications = inputs.notifications as Record<string, unknown>[];
      assert.deepEqual(
        notifications.map(({ notificationType, threshold }) => [notificationType, threshold]),
        [
          ["ACTUAL", 80],
          ["ACTUAL", 100],
          ["FORECASTED", 100],
        ],
      );
      for (const { subscriberEmailAddresses } of notifications)
        assert.deepEqual(subscriberEmailAddresses, alarms.emails);
    }
  });
});
