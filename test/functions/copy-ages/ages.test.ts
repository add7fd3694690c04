import assert from "node:assert/strict";
import { behind, copyAges, readDatabases, type Copy } from "../../../functions/copy-ages/ages";

const now = new Date("2026-11-21T03:00:00Z");
const copy = (database: string, minutes?: number): Copy => ({
  database,
  latest: minutes === undefined ? undefined : new Date(now.getTime() - minutes * 60 * 1000),
});
const databases = ["plinth-ams", "plinth-opmas"];

describe("The ages of replicated backups", () => {
  it("are those of the named databases, the worst first", () => {
    const found = copyAges(
      databases,
      [copy("plinth-ams", 7.9), copy("plinth-opmas", 61), copy("other", 999)],
      now,
    );
    assert.deepEqual(found, [
      { database: "plinth-opmas", minutes: 61 },
      { database: "plinth-ams", minutes: 7 },
    ]);
    assert.equal(behind(found), 61);
  });

  it("are never negative, when the clocks of RDS and Lambda differ", () => {
    assert.equal(behind(copyAges(["plinth-ams"], [copy("plinth-ams", -1)], now)), 0);
  });

  it("fail for a database without backups, or with backups that can't be restored yet", () => {
    const found = copyAges(databases, [copy("plinth-opmas")], now);
    assert.throws(() => behind(found), /to restore from: plinth-ams, plinth-opmas/);
    const some = copyAges(databases, [copy("plinth-opmas", 5)], now);
    assert.throws(() => behind(some), /to restore from: plinth-ams$/);
  });

  it("are requested with a list of databases", () => {
    assert.deepEqual(readDatabases('["a"]'), ["a"]);
    for (const text of [undefined, "[]", '{"a":1}', "[1]"])
      assert.throws(() => readDatabases(text), /DATABASES/, String(text));
  });
});
