import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import type { Document } from "yaml";
import { drop, faultsOf, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  /** Part of what the message must say. */
  readonly says: RegExp;
}

const postgres = "systems.ams.stores.postgres";
const api = "systems.ams.workloads.api";

const cases: Case[] = [
  {
    what: "replicas without backups",
    edit: set(`${postgres}.backupDays`, 0),
    path: `${postgres}.backupDays`,
    says: /1 to 35/,
  },
  {
    what: "an upgrade to an older version",
    edit: set(`${postgres}.upgradingFrom`, "16"),
    path: `${postgres}.upgradingFrom`,
    says: /a version before 15, or nothing/,
  },
  {
    what: "an instance class that isn't known",
    edit: set(`${postgres}.class`, "db.m1.large"),
    path: `${postgres}.class`,
    says: /instance-classes/,
  },
  {
    what: "an unknown parameter",
    edit: set(`${postgres}.parameters.shared_bufers`, "4GB"),
    path: `${postgres}.parameters.shared_bufers`,
    says: /found "4GB"; .*shared_buffers/,
  },
  {
    what: "a parameter out of the class's memory",
    edit: set("systems.asset-management.stores.postgres.class", "db.m7g.large"),
    path: "systems.asset-management.stores.postgres.parameters.shared_buffers",
    says: /found "4GB"; .*= 7\.8 GiB, more than the 7\.1 GiB .*db\.m7g\.large/,
  },
  {
    what: "a parameter out of a replica's memory",
    edit: set("systems.asset-management.stores.postgres.readReplicas.reporting.class", "db.m7g.large"),
    path: "systems.asset-management.stores.postgres.parameters.shared_buffers",
    says: /db\.m7g\.large/,
  },
  {
    what: "a replica that allows fewer connections than its primary",
    edit: (file) => {
      drop(`${postgres}.parameters`)(file);
      set(`${postgres}.pooling`, { kind: "none" })(file);
      set(`${postgres}.readReplicas.read.class`, "db.t4g.medium")(file);
    },
    path: `${postgres}.readReplicas.read.class`,
    says: /fewer connections \(389\) than its primary \(794\)/,
  },
  {
    what: "maintenance during the backup",
    edit: set(`${postgres}.windows`, { maintenance: "sun:16:30-sun:17:30" }),
    path: `${postgres}.windows.maintenance`,
    says: /doesn't overlap the daily backup \(16:00-17:00\)/,
  },
  {
    what: "more connections than the proxy keeps",
    edit: set(`${api}.pool`, 20),
    path: `${postgres}.pooling.connections`,
    says: /found the number 200; .*api 20 pods × 20 \(url\) \+ worker 10 pods × 5 \(url\) = 450 connections/,
  },
  {
    what: "more connections than the replicas allow",
    edit: set(`${api}.pool`, 20),
    path: `${postgres}.parameters.max_connections`,
    says: /found the number 250; .*api 20 pods × 20 \(readUrl\) = 400 .*250 - 10 reserved = 240/,
  },
  {
    what: "a workload without a pool size",
    edit: drop(`${api}.pool`),
    path: `${api}.pool`,
    says: /found nothing; allowed is a whole number of connections/,
  },
  {
    what: "connections of a workload without a database",
    edit: set("systems.ams.workloads.web.pool", 5),
    path: "systems.ams.workloads.web.pool",
    says: /no URL of a database/,
  },
];

describe("config: databases of a stack file", () => {
  for (const { what, edit, path, says } of cases)
    it(`refuses ${what}`, async () => {
      const { faults, message } = await faultsOf("prod", edit);
      const fault = faults.find((each) => each.path === `plinth:${path}`);
      assert.ok(fault, `no fault at ${path} in:\n${message}`);
      assert.match(describeFault("Pulumi.prod.yaml", fault), says);
    });

  it("refuses an engine in the last 30 days of its support without consent", async () => {
    const late = new Date("2027-02-01T00:00:00Z");
    const path = "systems.opmas.stores.postgres";
    const old = set(`${path}.version`, "14");
    const { faults } = await faultsOf("prod", old, late);
    assert.deepEqual(
      faults.map((fault) => fault.path),
      [`plinth:${path}.version`],
    );
    assert.match(faults[0]?.expected ?? "", /2027-02-28.*acceptEndOfSupport/);
    const accepted = set(`${path}.acceptEndOfSupport`, true);
    await settingsOf("prod", (file) => [old, accepted].forEach((edit) => edit(file)), late);
  });
});
