import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expired, type Rule, type Snapshot } from "../../../functions/pruning/expired";
import { prune, readRules, type Snapshots } from "../../../functions/pruning/prune";
import { functionBundle } from "../../../components/base/function-bundle";

const now = new Date("2026-11-21T03:00:00Z");
const ago = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
const rule: Rule = { instance: "plinth-prod-ams", prefix: "plinth-prod-ams-gate-", days: 30 };
const snapshot = (id: string, days: number, Status = "available"): Snapshot => ({
  DBSnapshotIdentifier: `${rule.prefix}${id}`,
  SnapshotCreateTime: ago(days),
  Status,
});
const gone = (...some: Snapshot[]) => expired(some, rule, now).map((id) => id.slice(rule.prefix.length));

describe("pruning of backups", () => {
  it("deletes backups older than their days, and none before", () => {
    assert.deepEqual(gone(snapshot("new", 1), snapshot("old", 30.01), snapshot("kept", 29.99)), ["old"]);
    assert.deepEqual(gone(snapshot("new", 1), snapshot("exactly", 30)), []);
  });

  it("keeps the newest, however old", () => {
    assert.deepEqual(gone(snapshot("one", 400)), []);
    assert.deepEqual(gone(snapshot("one", 400), snapshot("two", 500), snapshot("three", 300)), [
      "one",
      "two",
    ]);
    assert.deepEqual(gone(), []);
  });

  it("keeps snapshots that no gate created", () => {
    const others = ["plinth-prod-ams-final", "plinth-prod-ams2-gate-x", "by-hand"].map((id) => ({
      ...snapshot("", 400),
      DBSnapshotIdentifier: id,
    }));
    assert.deepEqual(expired([snapshot("new", 1), ...others], rule, now), []);
  });

  it("keeps incomplete snapshots, and doesn't count them as the newest", () => {
    assert.deepEqual(gone(snapshot("new", 1, "creating"), snapshot("old", 40)), []);
    assert.deepEqual(gone(snapshot("new", 1), snapshot("broken", 40, "failed")), []);
    assert.deepEqual(gone({ DBSnapshotIdentifier: `${rule.prefix}x`, Status: "available" }), []);
  });

  it("tries to delete all, then reports failures", async () => {
    const removed: string[] = [];
    const other = { instance: "plinth-prod-opmas", prefix: "plinth-prod-opmas-gate-", days: 30 };
    const snapshots: Snapshots = {
      list: (instance) =>
        instance === other.instance
          ? Promise.reject(new Error("no such instance"))
          : Promise.resolve([snapshot("a", 50), snapshot("b", 40), snapshot("new", 1)]),
      remove: (id) => {
        removed.push(id);
        return id.endsWith("a") ? Promise.reject(new Error("busy")) : Promise.resolve();
      },
    };
    await assert.rejects(prune([other, rule], snapshots, now), /no such instance.*busy/);
    assert.deepEqual(
      removed.map((id) => id.slice(-1)),
      ["a", "b"],
    );
  });

  it("returns what it deleted, and refuses invalid rules", async () => {
    const snapshots = {
      list: () => Promise.resolve([snapshot("a", 50), snapshot("new", 1)]),
      remove: () => Promise.resolve(),
    };
    assert.deepEqual(await prune([rule], snapshots, now), [`${rule.prefix}a`]);
    assert.deepEqual(readRules(JSON.stringify([rule])), [rule]);
    for (const wrong of [undefined, "{}", '[{"instance":"x","prefix":"","days":30}]', '[{"instance":"x"}]'])
      assert.throws(() => readRules(wrong), /no list of rules/);
  });

  it("is bundled without AWS' SDK, and uses clients that the runtime has", () => {
    execFileSync(process.execPath, ["functions/pruning/build.mjs"]);
    const text = readFileSync(functionBundle("pruning"), "utf8");
    const left = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(left)], ["@aws-sdk/client-rds"]);
    assert.match(text, /handler: \(\) => handler/);
  });
});
