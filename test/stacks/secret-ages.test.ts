import assert from "node:assert/strict";
import type { Rule } from "../../functions/secret-ages/ages";
import { firstRegionOf, recordingWith } from "../support/recordings";
import { largest, settingsOf, stacks } from "../support/stacks";
import type { Recording } from "../../preview/run-program";

const name = "primary-secret-ages-function";
const rulesOf = (recording: Recording): Rule[] => {
  const found = recording.ofType("aws:lambda/function:Function").find((one) => one.name === name);
  const { assets } = (found?.inputs.code ?? { assets: {} }) as { assets: Record<string, { text?: string }> };
  return JSON.parse(assets["rules.json"]?.text ?? "[]") as Rule[];
};
/** Entries without a schedule of their own: the rotation changes those of the proxies' logins. */
const unscheduled = /\/[ab]$/;

for (const stack of stacks)
  describe(`${stack}: the ages of secrets`, () => {
    it("are reported for every entry that has a schedule, and an alarm follows", async () => {
      const { credentials, prefix } = await settingsOf(stack);
      const recording = await firstRegionOf(stack);
      const rules = rulesOf(recording);
      if (credentials.versionDays === 0 && credentials.rotationDays === 0) return assert.deepEqual(rules, []);
      const entries = recording
        .ofType("aws:secretsmanager/secret:Secret")
        .map(({ inputs }) => String(inputs.name))
        .filter((entry) => !unscheduled.test(entry));
      const named = rules.map(({ entry }) => entry);
      assert.deepEqual(
        entries.filter((entry) => !named.includes(entry)),
        [],
      );
      for (const { entry, days, setting } of rules) {
        const rotated = /\/postgres$/.test(entry);
        assert.equal(days, rotated ? credentials.rotationDays : credentials.versionDays);
        // Someone else's entry has no version here.
        assert.equal(setting !== undefined, !rotated && entries.includes(entry), entry);
      }
      const alarm = recording
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .find(({ inputs }) => inputs.name === `${prefix}-secret-ages-late`);
      assert.deepEqual([alarm?.inputs.treatMissingData, alarm?.inputs.threshold], ["breaching", 1]);
    });
  });

describe("the schedule of a credentialsVersion", () => {
  it("names settings that the stack file accepts", async () => {
    const rules = rulesOf(await firstRegionOf(largest));
    const settings = rules.flatMap(({ setting }) => (setting === undefined ? [] : [setting]));
    assert.ok(settings.length > 5);
    const changed = await recordingWith(largest, (file) => {
      for (const setting of settings) file.setIn(["config", ...setting.split(".")], 2);
    });
    // The previous ones stay valid; the CDN's changes in two steps of the same update.
    const passwords = (recording: Recording) =>
      recording
        .ofType("random:index/randomPassword:RandomPassword")
        .map((one) => one.name)
        .filter((one) => !one.startsWith("cdn-"));
    const kept = passwords(changed);
    assert.deepEqual(
      passwords(await firstRegionOf(largest)).filter((one) => !kept.includes(one)),
      [],
    );
  });

  it("creates a new password of the master user, on the instance and in the entry", async () => {
    const setting = "plinth:systems.ams.stores.postgres.credentialsVersion";
    const password = "primary-ams-stores-postgres-credentials-master-password";
    const made = async (version: number) => {
      const recording = await recordingWith(largest, (file) =>
        file.setIn(["config", ...setting.split(".")], version),
      );
      const { urn, inputs } = recording.one("random:index/randomPassword:RandomPassword", password);
      const readers = [...recording.resources.values()].filter(({ dependencies }) =>
        dependencies.includes(urn),
      );
      return { keepers: inputs.keepers, readers: readers.map(({ name }) => name).sort() };
    };
    const [first, next] = [await made(1), await made(2)];
    assert.notDeepEqual(first.keepers, next.keepers);
    assert.deepEqual(next.readers, [
      "primary-ams-stores-postgres-credentials-master-version",
      "primary-ams-stores-postgres-primary",
    ]);
    const rules = rulesOf(await firstRegionOf(largest));
    assert.ok(rules.some((rule) => rule.setting === setting && rule.entry.endsWith("/ams/postgres/master")));
  });

  it("is never shorter than a month", () =>
    assert.rejects(
      settingsOf(largest, (file) => file.setIn(["config", "plinth:credentials", "versionDays"], 7)),
      /versionDays[\s\S]*0 for none, or at least/,
    ));
});
