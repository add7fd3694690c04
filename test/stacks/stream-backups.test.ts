import assert from "node:assert/strict";
import type { Document } from "yaml";
import { objects } from "../support/objects";
import { drop, itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/frozen";
import { specOf } from "../support/inputs";

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}

interface Template {
  readonly jobTemplate: { spec: { template: { spec: { volumes: { name: string }[] } } } };
  readonly suspend: boolean;
  readonly schedule: string;
}

const jobs = ["opmas-nats-backup", "opmas-nats-restore"];

describe("backups of streams", () => {
  it("run every six hours in prod, and are restored when a person starts the job", async () => {
    const all = objects(await recordingOf("prod"), "CronJob");
    const [backup, restore] = jobs.map((name) => {
      const [, found] = [...all].find(([key]) => key.endsWith(`/${name}`)) ?? [];
      return specOf<Template>(found?.manifest);
    });
    assert.deepEqual([backup?.schedule, backup?.suspend, restore?.suspend], ["23 */6 * * *", false, true]);
    for (const job of [backup, restore])
      assert.deepEqual(
        job?.jobTemplate.spec.template.spec.volumes.map(({ name }) => name),
        ["disk", "files", "nats-tls"],
      );
  });

  it("reach the servers, which admit them", async () => {
    const policies = objects(await recordingOf("prod"), "NetworkPolicy");
    const { manifest } = policies.get("opmas-core/nats") ?? {};
    const { ingress } = specOf<{
      ingress: { from: Peer[]; ports: { port: number }[] }[];
    }>(manifest);
    const clients = ingress
      .filter(({ ports }) => ports.some(({ port }) => port === 4222))
      .flatMap(({ from }) => from.map((each) => each.podSelector?.matchLabels["app.kubernetes.io/name"]));
    for (const job of jobs) {
      assert.ok(clients.includes(job), job);
      assert.match(JSON.stringify(policies.get(`opmas-core/${job}`)?.manifest.spec), /"port":4222/);
    }
  });

  it("raise an alarm if none has succeeded for two hours longer than allowed", async () => {
    const recording = await recordingOf("prod");
    const [alarm, ...others] = recording
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.metricName === "StreamsBackedUp");
    assert.deepEqual(others, []);
    assert.deepEqual(
      [alarm?.inputs.evaluationPeriods, alarm?.inputs.period, alarm?.inputs.treatMissingData],
      [8, 3600, "breaching"],
    );
  });

  it("have no login if there are no backups", async () => {
    const of = async (edit: Parameters<typeof recordingWith>[1]) =>
      (await recordingWith("prod", edit))
        .ofType("random:index/randomPassword:RandomPassword")
        .filter(({ name }) => name.includes("jetstream-")).length;
    assert.equal(await of(set("backups.streams", { everyHours: 24 })), 3);
    const unprotected = (file: Document) => {
      set("protect", false)(file);
      drop("backups.streams")(file);
    };
    assert.equal(await of(unprotected), 1);
  });

  itRefuses([
    {
      what: "times that differ from day to day",
      edit: set("backups.streams.everyHours", 5),
      path: "backups.streams.everyHours",
      says: /a divisor of 24/,
    },
  ]);
});
