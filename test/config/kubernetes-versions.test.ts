import assert from "node:assert/strict";
import { knownEnds, supportAdvice } from "../../config/cluster/kubernetes-versions";
import { faultsOf, set } from "../support/edits";

describe("config: Kubernetes versions", () => {
  it("are refused from the end of EKS' standard support, and not before", async () => {
    const older = set("cluster.version", "1.35");
    const expected = async (day: string) => {
      const { faults } = await faultsOf("prod", older, new Date(day));
      return faults.filter(({ path }) => path === "plinth:cluster.version").map((fault) => fault.expected);
    };
    const [ended = ""] = await expected("2027-03-27T00:00:00Z");
    assert.match(ended, /^a version in standard support: that of 1\.35 ended on 2027-03-27/);
    // The day before, only its add-ons are refused: the stack file has those of another version.
    assert.deepEqual(await expected("2027-03-26T23:59:59Z"), []);
  });

  it("get an advisory in their last 90 days", () => {
    const advice = (day: string) => supportAdvice("1.35", new Date(day));
    assert.equal(advice("2026-12-26T00:00:00Z"), undefined);
    assert.match(advice("2026-12-27T00:00:00Z") ?? "", /ends on 2027-03-27, in 90 days/);
    assert.match(advice("2027-03-26T12:00:00Z") ?? "", /in 1 day;/);
    assert.equal(advice("2027-03-28T00:00:00Z"), undefined);
  });

  it("without a known end of support are reported as such", () => {
    assert.equal(supportAdvice("1.36", new Date("2030-01-01T00:00:00Z")), undefined);
    assert.match(knownEnds, /1\.36 on a day not known here/);
  });
});
