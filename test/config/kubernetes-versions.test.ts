import assert from "node:assert/strict";
import { knownEnds, supportAdvice } from "../../config/cluster/kubernetes-versions";
import { faultsOf, set } from "../support/edits";

describe("config: Kubernetes versions", () => {
  it("are refused from the day on which EKS' standard support ends, and not before", async () => {
    const older = set("cluster.version", "1.35");
    const expected = async (day: string) => {
      const { faults } = await faultsOf("prod", older, new Date(day));
      return faults.filter(({ path }) => path === "plinth:cluster.version").map((fault) => fault.expected);
    };
    const [ended = ""] = await expected("2027-03-27T00:00:00Z");
    assert.match(ended, /^a version in standard support: that of 1\.35 ended on 2027-03-27/);
    // The day before it is refused for its add-ons alone: the stack file has those of another version.
    assert.deepEqual(await expected("2027-03-26T23:59:59Z"), []);
  });

  it("come with advice in their last 90 days", () => {
    const advice = (day: string) => supportAdvice("1.35", new Date(day));
    assert.equal(advice("2026-12-26T00:00:00Z"), undefined);
    assert.match(advice("2026-12-27T00:00:00Z") ?? "", /ends on 2027-03-27, in 90 days/);
    assert.match(advice("2027-03-26T12:00:00Z") ?? "", /in 1 day;/);
    assert.equal(advice("2027-03-28T00:00:00Z"), undefined);
  });

  it("whose end isn't known are said to have none that is known", () => {
    assert.equal(supportAdvice("1.36", new Date("2030-01-01T00:00:00Z")), undefined);
    assert.match(knownEnds, /1\.36 on a day not known here/);
  });
});
