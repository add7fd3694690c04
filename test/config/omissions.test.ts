import assert from "node:assert/strict";
import type { Document } from "yaml";
import { nearest } from "../../config/reading/spelling";
import { drop, itRefuses, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

/** Removes a key from every system that has it. */
const withoutEach = (key: string) => (file: Document) => {
  for (const name of ["opmas", "ams", "tapwork", "asset-management"]) drop(`systems.${name}.${key}`)(file);
};

describe("config: values of the right type that would fail a deployment", () => {
  itRefuses([
    {
      what: "no system at all",
      edit: set("systems", {}),
      path: "systems",
      says: /found none; allowed is at least one system/,
    },
    {
      what: "no rate limit at all",
      edit: withoutEach("rateLimit"),
      path: "systems.ams.rateLimit",
      says: /no other system has a limit; allowed is a limit for one system at least/,
    },
    {
      what: "charts of Docker Hub without its mirror",
      edit: drop("imageMirrors"),
      path: "imageMirrors.docker.io",
      says: /systems\.opmas\.stores\.nats come from there; to do: add it; the foundation makes it/,
    },
    {
      what: "protected streams without a backup",
      edit: drop("backups.streams"),
      path: "backups.streams",
      says: /\{ everyHours: 6 \}, where plinth:protect is true and plinth:systems\.opmas\.stores\.nats has streams/,
    },
    {
      what: "memory in which no container starts",
      edit: set("systems.ams.workloads.worker.resources", {
        requests: { cpu: "10m", memory: "1Mi" },
        limits: { cpu: "10m", memory: "1Mi" },
      }),
      path: "systems.ams.workloads.worker.resources.limits.memory",
      says: /at least "6Mi", or no container starts/,
    },
    {
      what: "a web ACL without the groups of the baseline",
      edit: set("edge.waf.groups", { common: "count" }),
      path: "edge.waf.groups.ipReputation",
      says: /found nothing; allowed is "block" or "count"/,
    },
  ]);

  itRefuses([
    {
      what: "protected flow logs that are kept for a fortnight",
      edit: set("network.flowLogDays", 14),
      path: "network.flowLogDays",
      says: /found the number 14; allowed is 30 days or more where plinth:protect is true: policy logs-audit-kept/,
    },
    {
      what: "protected logs of the cluster that are kept for a week",
      edit: set("cluster.logDays", 7),
      path: "cluster.logDays",
      says: /30 days or more where plinth:protect is true/,
    },
    {
      what: "protected logs of the web ACL that are kept for a week",
      edit: set("edge.waf.logDays", 7),
      path: "edge.waf.logDays",
      says: /30 days or more where plinth:protect is true/,
    },
    {
      what: "logs that are kept for a day",
      edit: set("storage.databaseLogDays", 1),
      path: "storage.databaseLogDays",
      says: /allowed is a week or more, .*: 7, 14, 30/,
    },
    {
      what: "a protected database without a standby",
      edit: set("systems.ams.stores.postgres.multiAz", false),
      path: "systems.ams.stores.postgres.multiAz",
      says: /found the boolean false; allowed is true where plinth:protect is true: policy rds-hardened/,
    },
    {
      what: "a protected database that can't be restored to last week",
      edit: set("systems.ams.stores.postgres.backupDays", 6),
      path: "systems.ams.stores.postgres.backupDays",
      says: /7 days or more where plinth:protect is true: policy rds-backup-retention/,
    },
    {
      what: "a protected cache without a snapshot",
      edit: set("systems.ams.stores.cache.snapshotDays", 0),
      path: "systems.ams.stores.cache.snapshotDays",
      says: /1 day or more where plinth:protect is true: policy elasticache-snapshots/,
    },
    {
      what: "a locked vault that keeps recovery points for a day",
      edit: set("backups.vault.dailyDays", 1),
      path: "backups.vault.dailyDays",
      says: /at least 7 days in a locked vault: policy backup-lock-retention/,
    },
    {
      what: "protected streams of a single server",
      edit: set("systems.opmas.stores.nats.servers", 1),
      path: "systems.opmas.stores.nats.servers",
      says: /3 or 5 servers where plinth:protect is true: policy nats-streams-kept/,
    },
  ]);

  it("accepts all of them in an unprotected environment", async () => {
    const { systems } = await settingsOf("prod", (file) => {
      set("protect", false)(file);
      set("network.flowLogDays", 7)(file);
      set("systems.ams.stores.postgres.multiAz", false)(file);
      set("systems.ams.stores.postgres.backupDays", 2)(file);
      set("systems.ams.stores.cache.snapshotDays", 0)(file);
    });
    assert.equal(systems["ams"]?.stores.cache.cache?.snapshotDays, 0);
  });

  it("accepts streams without a backup in an unprotected environment", async () => {
    const edit = (file: Document) => {
      drop("backups.streams")(file);
      set("protect", false)(file);
    };
    assert.equal((await settingsOf("prod", edit)).backups.streams, undefined);
  });

  it("accepts one rate limit for all systems", async () => {
    const edit = (file: Document) => {
      withoutEach("rateLimit")(file);
      set("systems.ams.rateLimit", { requests: 100, seconds: 60 })(file);
    };
    assert.equal((await settingsOf("prod", edit)).systems["opmas"]?.rateLimit, undefined);
  });
});

describe("config: suggestions", () => {
  it("suggest words, never another number", () => {
    assert.equal(nearest("19", ["14", "15"]), undefined);
    assert.equal(nearest("fronted", ["frontend", "api"]), "frontend");
  });
});
