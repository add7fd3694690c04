import assert from "node:assert/strict";
import { recoveries, type RecoveryInputs } from "../../config/recovery/recovery";
import { arithmetic } from "../../config/recovery/rows";
import type { Failure } from "../../config/systems/objectives";
import { drop, faultsOf, set } from "../support/edits";
import { catalog, settingsOf } from "../support/frozen";

const inputs = async (more: Partial<RecoveryInputs> = {}): Promise<RecoveryInputs> => {
  const { systems, ...settings } = await settingsOf("prod");
  const assets = systems["asset-management"] ?? assert.fail();
  return { ...settings, spec: catalog["asset-management"], settings: assets, ...more };
};

const of = (all: RecoveryInputs, failure: Failure) =>
  recoveries(all).find((each) => each.failure === failure) ?? assert.fail(failure);

const recovery = "systems.asset-management.objectives.recovery";
const message = async (edit: Parameters<typeof faultsOf>[1]) =>
  (await faultsOf("prod", edit)).faults.map(
    ({ path, found, expected, remedy }) => `${path}: ${found}; ${expected}; ${remedy}`,
  );

describe("recovery", () => {
  it("shows the calculation of a recovery time", async () => {
    const found = arithmetic(of(await inputs(), "wrong-data"));
    assert.equal(found, "2.98 h = 0.5 decide + 1.98 restore up to 1000 GiB + 0.5 switch over");
  });

  it("follows from the settings: standby, backups, egress", async () => {
    const all = await inputs();
    const database = all.settings.stores.postgres.postgres ?? assert.fail();
    const [bucket = ""] = Object.keys(all.settings.stores.bucket);
    const { bucket: buckets } = all.settings.stores;
    const changed = (stores: object): RecoveryInputs => ({
      ...all,
      settings: { stores: { ...all.settings.stores, ...stores } },
    });
    const alone = changed({ postgres: { postgres: { ...database, multiAz: false } } });
    assert.deepEqual([of(all, "lost-database").rpoMinutes, of(alone, "lost-database").rpoMinutes], [0, 5]);
    const forgetful = changed({ postgres: { postgres: { ...database, backupDays: 1 } } });
    assert.equal(of(forgetful, "wrong-data").steps, undefined);
    const overwritten = changed({ bucket: { [bucket]: { ...buckets[bucket], noncurrentDays: 1 } } });
    assert.equal(of(overwritten, "wrong-objects").steps, undefined);
    assert.equal(of({ ...all, network: { nat: "gateway" } }, "lost-zone").steps, undefined);
    assert.equal(of({ ...all, disposable: true }, "deleted-resources").steps, undefined);
  });

  it("of a lost region is as old as the slowest copy, and impossible without a cluster there", async () => {
    const replicas = { postgres: { class: "db.m7g.xlarge" } };
    const minutes = async (system: object) => {
      const standby = { region: "ap-northeast-1", systems: { "asset-management": system } };
      const { rpoMinutes, steps } = of(await inputs({ standby: standby as never }), "lost-region");
      assert.equal(steps, undefined);
      return rpoMinutes;
    };
    assert.equal(await minutes({ replicas, timeControl: true }), 15);
    assert.equal(await minutes({ replicas, timeControl: false }), 24 * 60);
  });

  it("is refused if the settings miss the objective, with the calculation", async () => {
    const [slow] = await message(set(`${recovery}.rtoHours`, 2));
    assert.match(
      slow ?? "",
      /objectives\.recovery: rtoHours 2, rpoMinutes 15; .*wrong-data: RTO 2\.98 h = 0\.5 decide/,
    );
    const [lost] = await message(set(`${recovery}.notCovered`, ["wrong-files"]));
    assert.match(lost ?? "", /lost-region: RTO no recovery, RPO all data \(there is no second region\)/);
    const [files] = await message(set(`${recovery}.notCovered`, ["lost-region"]));
    assert.match(files ?? "", /wrong-files: .*RPO 1440 min/);
    // 2.98 hours and 5 minutes are within the objective.
    await settingsOf("prod", set("systems.asset-management.stores.postgres.multiAz", false));
    const [tight] = await message(set(`${recovery}.rpoMinutes`, 0));
    assert.match(tight ?? "", /wrong-data: .*RPO 5 min/);
  });

  it("is refused if `notCovered` names a failure that is covered", async () => {
    const [found] = await message(set(`${recovery}.notCovered`, ["wrong-files", "lost-region", "lost-pod"]));
    assert.match(found ?? "", /notCovered\.2: lost-pod; .*the settings cover this one.*; remove it/);
  });

  it("requires both numbers, within their bounds", async () => {
    assert.match((await message(drop(`${recovery}.rpoMinutes`)))[0] ?? "", /rpoMinutes/);
    assert.match((await message(set(`${recovery}.rtoHours`, 0)))[0] ?? "", /at least 0\.25 hours/);
  });
});
