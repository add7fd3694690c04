import assert from "node:assert/strict";
import { parameterFamily, parameters } from "../../../components/data/parameters";
import { postgresEndOfSupport } from "../../../config/stores";

const find = (name: string) => parameters.find((parameter) => parameter.name === name);

describe("PostgreSQL parameters", () => {
  it("refuse connections without TLS, in a way that settles where AWS does so by itself", () => {
    assert.deepEqual(find("rds.force_ssl"), {
      name: "rds.force_ssl",
      value: "1",
      applyMethod: "pending-reboot",
    });
  });

  it("log statements of over a second, taken on at once", () => {
    assert.deepEqual(find("log_min_duration_statement"), {
      name: "log_min_duration_statement",
      value: "1000",
      applyMethod: "immediate",
    });
  });

  it("are each named once", () => {
    const names = parameters.map(({ name }) => name);
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
