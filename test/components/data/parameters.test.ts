import assert from "node:assert/strict";
import { parameterFamily, parameters } from "../../../components/data/parameters";
import { parameterTable } from "../../../config";
import { postgresEndOfSupport } from "../../../config/stores/postgres";

const found = (name: string, set: Parameters<typeof parameters>[0] = {}) => {
  const parameter = parameters(set).find((each) => each.name === name);
  return [parameter?.value, parameter?.applyMethod];
};

describe("PostgreSQL parameters", () => {
  it("refuse connections without TLS, without a permanent diff where that is AWS' default", () => {
    assert.deepEqual(found("rds.force_ssl"), ["1", "pending-reboot"]);
  });

  it("log statements of over a second, applied at once", () => {
    assert.deepEqual(found("log_min_duration_statement"), ["1000", "immediate"]);
  });

  it("audit changes of the schema and of roles, by a library that the start loads", () => {
    assert.deepEqual(found("shared_preload_libraries"), ["pgaudit,pg_stat_statements", "pending-reboot"]);
    assert.deepEqual(found("pgaudit.log"), ["ddl,role", "immediate"]);
    assert.deepEqual(found("pgaudit.role"), ["rds_pgaudit", "immediate"]);
  });

  it("keep statements with passwords out of PostgreSQL's log", () => {
    assert.deepEqual(found("log_statement"), [undefined, undefined]);
  });

  it("wait for a restart where the engine does", () => {
    assert.deepEqual(found("shared_buffers", { shared_buffers: "524288" }), ["524288", "pending-reboot"]);
    assert.deepEqual(found("work_mem", { work_mem: "8192" }), ["8192", "immediate"]);
  });

  it("equal to AWS' defaults cause no permanent diff", () => {
    const set = { checkpoint_completion_target: "0.9", default_statistics_target: "100" };
    for (const [name, value] of Object.entries(set))
      assert.deepEqual(found(name, set), [value, "pending-reboot"]);
    assert.deepEqual(found("default_statistics_target", { default_statistics_target: "101" }), [
      "101",
      "immediate",
    ]);
  });

  it("are disjoint: the common ones can't be set in a stack file", () => {
    const names = [...parameters({}).map(({ name }) => name), ...Object.keys(parameterTable)];
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("belong to the family of the major version", () => {
    assert.deepEqual(Object.keys(postgresEndOfSupport).map(parameterFamily), [
      "postgres14",
      "postgres15",
      "postgres16",
      "postgres17",
      "postgres18",
    ]);
  });
});
