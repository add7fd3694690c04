import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { previewProgram, ProgramError, type RunOptions } from "../../preview/run-program";
import { Provider, Thing, THING } from "./cloud";

async function faultsOf(program: () => unknown, options?: RunOptions): Promise<readonly string[]> {
  const error: unknown = await previewProgram(program, options).then(
    () => assert.fail("the program was accepted"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProgramError, String(error));
  return error.faults;
}

describe("a program is refused that", () => {
  it("registers a URN twice: every one of them is named", async () => {
    const faults = await faultsOf(() => {
      const provider = new Provider("p");
      for (const name of ["a", "a", "b", "b", "c"]) new Thing(name, {}, { provider });
    });
    assert.deepEqual(
      faults.map((fault) => /::(\w) is registered twice/.exec(fault)?.[1]),
      ["a", "b"],
    );
  });

  it("leaves a resource without a provider", async () => {
    assert.match((await faultsOf(() => new Thing("a", {}, {}))).join(), /::a has no explicit provider/);
    const recording = await previewProgram(() => new Thing("a", {}, {}), { requireProvider: false });
    assert.equal(recording.one(THING).provider, undefined);
  });

  it("calls a provider's function, and doesn't wait for its answer forever", async () => {
    const faults = await faultsOf(() => {
      const zones = pulumi.runtime.invokeOutput("cloud:index:getZones", {});
      new Thing("a", { zones }, { provider: new Provider("p") });
    });
    assert.match(faults.join(), /calls the function cloud:index:getZones.*needs an account/);
    assert.equal(faults.length, 1);
  });

  it("reads an existing resource", async () => {
    const read = () => new Thing("a", {}, { id: "i-1", provider: new Provider("p") });
    assert.match((await faultsOf(read)).join(), /reads the existing resource cloud:index:Thing "a"/);
  });

  it("waits for a promise that never resolves", async () => {
    const stuck = () => new Promise(() => undefined);
    assert.match((await faultsOf(stuck, { stallSeconds: 0.05 })).join(), /nothing happened for 0.05 s/);
  });
});

describe("a program that fails", () => {
  it("in an apply is reported with its own error", async () => {
    const program = () => {
      const provider = new Provider("p");
      const first = new Thing("a", { size: 1 }, { provider });
      const broken = first.size.apply((): number => assert.fail("within the apply"));
      const second = new Thing("b", { size: broken }, { provider });
      new Thing("c", { size: second.size }, { provider, dependsOn: [second] });
    };
    await assert.rejects(previewProgram(program), /within the apply/);
  });

  it("with a user's mistake is reported with only that", async () => {
    const program = () => {
      new Thing("a", {}, {});
      throw new pulumi.RunError("fix your configuration");
    };
    await assert.rejects(previewProgram(program), {
      message: "fix your configuration",
      __pulumiRunError: true,
    });
  });

  it("leaves the listeners of the test runner in place", async () => {
    const before = process.listeners("unhandledRejection");
    await previewProgram(() => assert.fail("x")).catch(() => undefined);
    assert.deepEqual(process.listeners("unhandledRejection"), before);
  });
});
