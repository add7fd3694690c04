import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Scalar, stringify, type Document } from "yaml";
import { watchdog } from "../../components/observability/alerts/platform";
import { builtProgram } from "../support/built-program";
import { itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/frozen";
import { needs } from "../support/needs";
import { objects } from "../support/objects";
import { run } from "./promtool";

const receivers = {
  chat: { kind: "slack", channel: "#alerts", entry: "plinth-prod/alerts/chat" },
  pager: { kind: "pagerduty", entry: "plinth-prod/alerts/pager" },
};
/** Quoted times, as in a stack file: YAML reads an unquoted `18:00` as a number. */
const quoted = (text: string) => Object.assign(new Scalar(text), { type: Scalar.QUOTE_DOUBLE });
const window = (day: string, start: string, end: string) => ({
  days: [day],
  start: quoted(start),
  end: quoted(end),
});
const maintenance = { sunday: window("sunday", "18:00", "19:00") };

interface Route {
  readonly receiver: string;
  readonly matchers: readonly string[];
  readonly continue?: boolean;
  readonly mute_time_intervals?: readonly string[];
}

interface Spec {
  readonly config: {
    readonly route: { readonly receiver: string; readonly routes: readonly Route[] };
    readonly time_intervals: readonly { readonly name: string }[];
    readonly receivers: readonly { readonly name: string }[];
  };
  readonly alertmanagerSpec: { readonly secrets?: readonly string[] };
}

const withRoutes = () =>
  recordingWith("prod", (file) => {
    file.setIn(["config", "plinth:alarms", "receivers"], file.createNode(receivers));
    file.setIn(["config", "plinth:alarms", "maintenance"], file.createNode(maintenance));
  });

const alertmanagerOf = async (recording: ReturnType<typeof withRoutes>): Promise<Spec> => {
  const [release] = (await recording)
    .ofType("kubernetes:helm.sh/v3:Release")
    .filter(({ inputs }) => inputs.chart === "kube-prometheus-stack");
  return (release?.inputs.values as unknown as { alertmanager: Spec }).alertmanager;
};

/** Destinations of an alert, as Alertmanager follows the routes. */
function destinations({ route: { receiver, routes } }: Spec["config"], severity: string): string[] {
  const found: string[] = [];
  for (const each of routes) {
    if (!each.matchers.includes(`severity="${severity}"`)) continue;
    found.push(each.receiver);
    if (each.continue !== true) break;
  }
  return found.length === 0 ? [receiver] : found;
}

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

describe("routes of alerts, checked by amtool", function () {
  const program = builtProgram("amtool");
  let folder: string;
  before(function () {
    needs(this, program === undefined ? "amtool (`npm run tools:operators` builds it)" : undefined);
    folder = mkdtempSync(join(tmpdir(), "plinth-routes-"));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  const written = (config: object) => {
    const file = join(folder, "alertmanager.yaml");
    writeFileSync(file, stringify(config));
    return file;
  };
  const check = (config: object) => run(program ?? "", "check-config", written(config));
  /** Receivers of an alert, in order. */
  const receiversOf = (config: object, labels: Readonly<Record<string, string>>) => {
    const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    return run(program ?? "", "config", "routes", "test", `--config.file=${written(config)}`, ...words)
      .trim()
      .split(",");
  };

  it("are a valid Alertmanager configuration, with and without receivers", async () => {
    for (const recording of [recordingOf("staging"), recordingOf("prod"), withRoutes()]) {
      const { config } = await alertmanagerOf(recording);
      assert.match(check(config), /SUCCESS/);
    }
  });

  it("route to the receivers that the stack file names", async () => {
    const { config } = await alertmanagerOf(withRoutes());
    for (const severity of ["critical", "warning"])
      for (const team of ["ams", "platform"])
        assert.deepEqual(
          receiversOf(config, { alertname: "HighErrorRate", team, severity }),
          destinations(config, severity),
        );
    assert.deepEqual(receiversOf(config, { alertname: watchdog, severity: "info" }), ["heartbeat"]);
    assert.deepEqual(receiversOf(config, { alertname: "Unforeseen" }), ["alarms"]);
  });

  it("are refused with a missing receiver or a missing window", async () => {
    const { config } = await alertmanagerOf(withRoutes());
    const { route } = config;
    const broken = (change: object) => ({
      ...config,
      route: { ...route, routes: [{ ...route.routes[0], ...change }] },
    });
    assert.throws(() => check(broken({ receiver: "nobody" })), /undefined receiver "nobody"/);
    assert.throws(() => check(broken({ mute_time_intervals: ["never"] })), /undefined time interval "never"/);
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
