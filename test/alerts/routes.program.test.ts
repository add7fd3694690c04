import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { watchdog } from "../../components/observability/alerts/platform";
import { builtProgram } from "../support/built-program";
import { recordingOf } from "../support/frozen";
import { needs } from "../support/needs";
import { alertmanagerOf, destinations, withRoutes } from "./alertmanager";
import { run } from "./promtool";

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
