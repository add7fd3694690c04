import assert from "node:assert/strict";
import type { Document } from "yaml";
import { itRefuses, set } from "../support/edits";
import { recordingWith } from "../support/frozen";
import { objects } from "../support/objects";
import { alertmanagerOf, destinations, receivers, window, withRoutes } from "./alertmanager";

describe("routes of alerts", () => {
  it("send mail only, if the stack file names no receiver", async () => {
    const { config, alertmanagerSpec } = await alertmanagerOf(recordingWith("prod", () => undefined));
    for (const severity of ["critical", "warning"])
      assert.deepEqual(destinations(config, severity), ["alarms"]);
    assert.equal(alertmanagerSpec.secrets, undefined);
    assert.deepEqual(config.time_intervals, []);
  });

  it("give every destination the severities that it is configured for, and none the watchdog", async () => {
    const { config } = await alertmanagerOf(withRoutes());
    assert.deepEqual(destinations(config, "critical"), ["alarms", "chat", "pager"]);
    assert.deepEqual(destinations(config, "warning"), ["alarms", "chat"]);
    const [first] = config.route.routes;
    assert.deepEqual(
      [first?.receiver, first?.matchers, first?.continue],
      ["heartbeat", ['alertname="Watchdog"'], undefined],
    );
  });

  it("name existing receivers and mute windows only", async () => {
    const { config } = await alertmanagerOf(withRoutes());
    const names = config.receivers.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { receiver } of config.route.routes) assert.ok(names.includes(receiver), receiver);
    const windows = config.time_intervals.map(({ name }) => name);
    const mutes = config.route.routes.flatMap(({ mute_time_intervals: all = [] }) => all);
    assert.deepEqual([...new Set(mutes)], windows);
  });

  it("mute warnings in a maintenance window, and nothing critical", async () => {
    const { config } = await alertmanagerOf(withRoutes());
    for (const { matchers, mute_time_intervals: mutes } of config.route.routes)
      assert.deepEqual(mutes, matchers.includes('severity="warning"') ? ["sunday"] : undefined);
  });

  it("read addresses and keys from files that come from Secrets Manager, and have none in clear text", async () => {
    const recording = await withRoutes();
    const { config, alertmanagerSpec } = await alertmanagerOf(Promise.resolve(recording));
    assert.deepEqual(alertmanagerSpec.secrets, ["alert-receivers"]);
    const text = JSON.stringify(config.receivers);
    assert.match(text, /"api_url_file":"\/etc\/alertmanager\/secrets\/alert-receivers\/chat"/);
    assert.match(text, /"routing_key_file":"\/etc\/alertmanager\/secrets\/alert-receivers\/pager"/);
    assert.doesNotMatch(text, /"(api_url|routing_key|url)":/);
    const { data } = objects(recording, "ExternalSecret").get("monitoring/alert-receivers")?.manifest
      .spec as {
      data: object[];
    };
    assert.deepEqual(data, [
      { secretKey: "chat", remoteRef: { key: "plinth-prod/alerts/chat", property: "url" } },
      { secretKey: "pager", remoteRef: { key: "plinth-prod/alerts/pager", property: "key" } },
    ]);
  });
});

const cases: { what: string; edit: (file: Document) => void; path: string; says: RegExp }[] = [
  {
    what: "a receiver of a kind that doesn't exist",
    edit: set("alarms.receivers", { chat: { kind: "pigeon" } }),
    path: "alarms.receivers.chat.kind",
    says: /slack/,
  },
  {
    what: "a receiver whose secret the cluster may not read",
    edit: set("alarms.receivers", { pager: { ...receivers.pager, entry: "shared/pager" } }),
    path: "alarms.receivers.pager.entry",
    says: /an entry whose name starts with plinth-prod\//,
  },
  {
    what: "a window that ends before it begins",
    edit: set("alarms.maintenance", { night: window("monday", "22:00", "04:00") }),
    path: "alarms.maintenance.night",
    says: /split a window that spans midnight/,
  },
  {
    what: "a receiver with a name that is taken",
    edit: set("alarms.receivers", { alarms: receivers.chat }),
    path: "alarms.receivers.alarms",
    says: /not alarms or heartbeat/,
  },
];

describe("config: routes of alerts", () => itRefuses(cases));
