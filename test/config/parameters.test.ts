import assert from "node:assert/strict";
import { databaseMemory, instanceClass, instanceClasses } from "../../config/stores/instance-classes";
import { maxConnections, memoryFaults } from "../../config/checks/memory";
import { parameters } from "../../config/stores/parameters";

/** RDS' value of a parameter in a stack file. */
const told = (name: string, value: string | number) =>
  (parameters.parse({ [name]: value }) as Record<string, string>)[name];

const refusal = (name: string, value: string | number) => {
  const result = parameters.safeParse({ [name]: value });
  assert.ok(!result.success, `${name}: ${value} was accepted`);
  const [issue] = result.error.issues;
  assert.deepEqual(issue?.path, [name]);
  return issue.message;
};

describe("config: parameters", () => {
  const cases: readonly (readonly [name: string, written: string | number, rds: string])[] = [
    ["shared_buffers", "4GB", "524288"],
    ["effective_cache_size", "12GB", "1572864"],
    ["wal_buffers", "16MB", "2048"],
    ["maintenance_work_mem", "1GB", "1048576"],
    ["work_mem", "1.5MB", "1536"],
    ["max_wal_size", "2GB", "2048"],
    ["checkpoint_timeout", "15min", "900"],
    ["statement_timeout", "30s", "30000"],
    ["statement_timeout", 0, "0"],
    ["max_connections", "200", "200"],
    ["max_connections", 200, "200"],
    ["checkpoint_completion_target", "0.9", "0.9"],
    ["checkpoint_completion_target", 0.9, "0.9"],
  ];
  for (const [name, written, rds] of cases)
    it(`passes ${rds} to RDS for ${name}: ${written}`, () => assert.equal(told(name, written), rds));

  const refused: readonly (readonly [name: string, written: string | number, says: RegExp])[] = [
    ["shared_bufers", "4GB", /one of .*shared_buffers/],
    ["shared_preload_libraries", "x", /one of the parameters that may be set/],
    ["shared_buffers", 524288, /such as 512MB or 4GB/],
    ["shared_buffers", "4GiB", /kB, MB, GB or TB/],
    ["shared_buffers", "4gb", /kB, MB, GB or TB/],
    ["shared_buffers", "4s", /kB, MB, GB or TB/],
    ["statement_timeout", "30MB", /ms, s, min or h/],
    ["max_connections", "200MB", /without a unit/],
    ["max_connections", 1.5, /whole number/],
    ["work_mem", "0.5kB", /whole number of kB/],
    ["max_connections", 5, /6 to 262143/],
    ["shared_buffers", "64kB", /16 to 1073741823 in units of 8kB \(this is 8\)/],
    ["checkpoint_completion_target", 1.1, /0 to 1/],
  ];
  for (const [name, written, says] of refused)
    it(`refuses ${name}: ${written}`, () => assert.match(refusal(name, written), says));
});

describe("config: memory of a class", () => {
  const gigabytes = (most: number) => ({ shared_buffers: String((most * 2 ** 30) / 8192) });

  it("fits the document's parameters on 16 GB, and not on 8 GB", () => {
    const asked = {
      max_connections: "200",
      shared_buffers: "524288",
      effective_cache_size: "1572864",
      maintenance_work_mem: "1048576",
    };
    assert.deepEqual(memoryFaults("db.m7g.xlarge", asked), []);
    const faults = memoryFaults("db.m7g.large", asked);
    assert.deepEqual(
      faults.map(({ parameter }) => parameter),
      ["effective_cache_size", "shared_buffers"],
    );
    assert.match(faults[0]?.message ?? "", /at most the 7.1 GiB .* db\.m7g\.large, not 12 GiB/);
    assert.match(
      faults[1]?.message ?? "",
      /4 GiB \+ 200 connections × work_mem 4 MiB \+ 3 autovacuum workers × maintenance_work_mem 1 GiB = 7\.8 GiB/,
    );
  });

  it("is used by each term of the sum", () => {
    const fits = { ...gigabytes(4), max_connections: "200", maintenance_work_mem: "1048576" };
    const class_ = "db.m7g.xlarge";
    assert.deepEqual(memoryFaults(class_, fits), []);
    const blamed = (more: object) => memoryFaults(class_, { ...fits, ...more }).map((each) => each.parameter);
    assert.deepEqual(blamed(gigabytes(12)), ["shared_buffers"]);
    assert.deepEqual(blamed({ max_connections: "3000" }), ["max_connections"]);
    assert.deepEqual(blamed({ work_mem: "65536" }), ["max_connections"]);
    assert.deepEqual(blamed({ autovacuum_max_workers: "12" }), ["maintenance_work_mem"]);
  });

  it("is always enough for RDS' defaults, and no fault if nothing is set", () => {
    for (const name of Object.keys(instanceClasses)) {
      assert.deepEqual(memoryFaults(name, {}), [], name);
      assert.deepEqual(memoryFaults(name, { max_connections: String(maxConnections(name, {})) }), [], name);
    }
  });

  it("gives at most the connections that RDS would, within RDS' limit", () => {
    assert.equal(maxConnections("db.t4g.micro", {}), 84);
    assert.equal(maxConnections("db.m7g.large", {}), 794);
    assert.equal(maxConnections("db.r7g.16xlarge", {}), 5000);
    assert.equal(maxConnections("db.r7g.16xlarge", { max_connections: "6000" }), 6000);
    for (const [name, { memory }] of Object.entries(instanceClasses))
      assert.ok(databaseMemory(name) < memory * 2 ** 30 && databaseMemory(name) > memory * 2 ** 29, name);
  });

  it("is known for exactly the allowed classes", () => {
    for (const name of ["db.t4g.micro", "db.m7g.xlarge", "db.r8g.16xlarge"])
      assert.ok(instanceClass.safeParse(name).success);
    for (const name of ["db.m1.small", "db.m7g.micro", "m7g.large", "toString"])
      assert.ok(!instanceClass.safeParse(name).success, name);
  });
});
