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
