import assert from "node:assert/strict";
import { failoverHosts, firstRegion, passiveSystems, secondRegion, type Settings } from "../../config";
import type { WorkloadSettings } from "../../config";
import { warmQuotaAdvice } from "../../config/checks/warm";
import { catalog } from "../../systems";
import { settingsOf } from "../support/stacks";

const name = "asset-management";
const systemOf = ({ systems }: Settings) => systems[name] ?? assert.fail();

/** Prod, with other workloads. */
async function having(workloads: Readonly<Record<string, Partial<WorkloadSettings>>>): Promise<Settings> {
  const settings = await settingsOf("prod");
  const system = systemOf(settings);
  const own = Object.entries(workloads).map(([key, more]) => [
    key,
    { ...system.workloads.frontend, ...more },
  ]);
  return {
    ...settings,
    systems: {
      ...settings.systems,
      [name]: { ...system, workloads: { ...system.workloads, ...Object.fromEntries(own) } },
    },
  };
}
const inSecond = (settings: Settings, active: "primary" | "secondary") =>
  systemOf(secondRegion(settings, active) ?? assert.fail()).workloads;

describe("a warm standby's settings", () => {
  it("suspend jobs, which write, until the second region is active; then the first one's", async () => {
    const settings = await having({ report: { schedule: "0 3 * * *", replicas: 1, minAvailable: 0 } });
    assert.equal(inSecond(settings, "primary").report?.replicas, 0);
    assert.equal(inSecond(settings, "secondary").report?.replicas, 1);
    const standby = { ...(settings.standby ?? assert.fail()), active: "secondary" as const };
    assert.equal(systemOf(firstRegion({ ...settings, standby })).workloads.report?.replicas, 0);
    assert.equal(systemOf(firstRegion(settings)).workloads.report?.replicas, 1);
  });

  it("have `minAvailable` pods by default, and never more than the first region", async () => {
    const settings = await having({
      some: { replicas: 5, minAvailable: 3 },
      one: { replicas: 1, minAvailable: 0 },
    });
    const { some, one } = inSecond(settings, "primary");
    assert.deepEqual([some?.replicas, some?.minAvailable], [3, 2]);
    assert.deepEqual([one?.replicas, one?.minAvailable], [1, 0]);
  });

  it("need quotas in their own region, which the stack file can name", async () => {
    const settings = await settingsOf("prod");
    assert.deepEqual(warmQuotaAdvice("plinth", catalog, settings), []);
    const standby = { ...(settings.standby ?? assert.fail()), quotas: {} };
    const [advice, ...others] = warmQuotaAdvice("plinth", catalog, { ...settings, standby });
    assert.deepEqual(others, []);
    assert.equal(advice?.path, "plinth:standby.nodePool.limits.cpu");
    assert.equal(
      advice.found,
      `may need ${settings.cluster.nodePool.limits.cpu} vCPUs of on-demand instances, and a new account has 5 (quota L-1216C47A)`,
    );
    assert.match(
      advice.remedy ?? "",
      /--region ap-northeast-1 .*enter what AWS grants in plinth:standby\.quotas/,
    );
  });

  it("analyse no release without clients", async () => {
    const settings = await settingsOf("prod");
    const { api, frontend } = inSecond(settings, "primary");
    assert.deepEqual(
      [api?.release, frontend?.release].map((release) => (release as { analysis: boolean }).analysis),
      [false, false],
    );
    assert.equal((api?.release as { pauseSeconds: number }).pauseSeconds, 10);
    assert.deepEqual(inSecond(settings, "secondary").api?.release, systemOf(settings).workloads.api?.release);
  });

  it("leave pages and what exists once per environment in the first region", async () => {
    const second = secondRegion(await settingsOf("prod"), "secondary") ?? assert.fail();
    const { signOn, logs, traces, gameDays, standby, costs, cluster } = second;
    assert.deepEqual([signOn, logs, traces, gameDays, standby, costs.budget], Array(6).fill(undefined));
    assert.deepEqual(
      [cluster.operators.grafana, cluster.operators.prometheus?.historyDays],
      [undefined, undefined],
    );
    assert.equal(second.prefix, "plinth-prod-standby");
    assert.equal(second.registry, "333333333333.dkr.ecr.ap-northeast-1.amazonaws.com");
    const database = systemOf(second).stores.postgres.postgres;
    assert.deepEqual([database?.pooling, database?.readReplicas], [{ kind: "none" }, {}]);
    assert.equal(database?.parameters.max_connections, "500");
  });

  it("make the inactive region passive", async () => {
    const { standby } = await settingsOf("prod");
    assert.deepEqual(passiveSystems(standby, "primary"), []);
    assert.deepEqual(passiveSystems(standby, "secondary"), [name]);
    assert.deepEqual(passiveSystems(undefined, "secondary"), []);
  });

  it("name the hosts that fail over, with the path of their health check", async () => {
    const settings = await settingsOf("prod");
    const smoke = { app: [{ path: "/old", status: 404 }, { path: "/health" }] };
    const asked = { ...settings, systems: { ...settings.systems, [name]: { ...systemOf(settings), smoke } } };
    assert.deepEqual(failoverHosts(asked, catalog), [
      { host: "assets.example.com", name: "active-assets.example.com", path: "/health" },
    ]);
  });
});
