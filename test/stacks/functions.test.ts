import assert from "node:assert/strict";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

for (const stack of stacks)
  describe(`${stack}: functions`, () => {
    it("all have an alarm on failures", async () => {
      const recording = await recordingOf(stack);
      const alarms = recording
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(({ inputs }) => inputs.namespace === "AWS/Lambda" && inputs.metricName === "Errors");
      const watched = alarms.map(({ inputs }) => (inputs.dimensions as Record<string, string>).FunctionName);
      const functions = recording.ofType("aws:lambda/function:Function").map(({ inputs }) => inputs.name);
      assert.deepEqual(watched.sort(), functions.sort());
      for (const { name, inputs } of alarms) {
        assert.equal((inputs.alarmActions as unknown[]).length, 1, name);
        assert.deepEqual([inputs.statistic, inputs.threshold], ["Sum", 1], name);
      }
    });

    it("keep the audit log of databases for the configured days", async () => {
      const recording = await recordingOf(stack);
      const days = recording
        .ofType("aws:cloudwatch/logGroup:LogGroup")
        .filter(({ inputs }) => /^\/aws\/rds\/instance\/.*\/postgresql$/.test(String(inputs.name)))
        .map(({ inputs }) => inputs.retentionInDays);
      assert.ok(days.length > 0);
      assert.deepEqual([...new Set(days)], [(await settingsOf(stack)).storage.databaseLogDays]);
    });
  });
