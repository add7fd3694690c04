import assert from "node:assert/strict";
import { quotaAdvice, quotaNeeds } from "../../config/checks/quotas";
import { drop, faultsOf, set } from "../support/edits";
import { recordingOf, settingsOf, stacks } from "../support/frozen";

const refusals = async (stack: "dev" | "prod", edit: Parameters<typeof faultsOf>[1]) =>
  Object.fromEntries((await faultsOf(stack, edit)).faults.map((fault) => [fault.path, fault]));

describe("config: quotas of the account", () => {
  it("refuses an environment that needs more than AWS has granted, with the quota's code", async () => {
    const fault = (await refusals("dev", set("account.quotas", { "L-34B43A08": 8 })))[
      "plinth:account.quotas.L-34B43A08"
    ];
    assert.match(
      fault?.expected ?? "",
      /at least 16 vCPUs of spot instances: plinth:cluster\.nodePool\.limits\.cpu may need so many/,
    );
    assert.match(
      fault?.remedy ?? "",
      /request-service-quota-increase --region ap-northeast-2 --service-code ec2 --quota-code L-34B43A08 --desired-value 16/,
    );
    // Just enough.
    await settingsOf("dev", set("account.quotas", { "L-34B43A08": 16 }));
    const addresses = await refusals("prod", set("account.quotas", { "L-0263D0A3": 2 }));
    assert.match(addresses["plinth:account.quotas.L-0263D0A3"]?.expected ?? "", /at least 3 Elastic IP/);
  });

  it("refuses an unknown quota, and a quota of zero", async () => {
    assert.ok(
      "plinth:account.quotas.L-FFFFFFFF" in
        (await refusals("dev", set("account.quotas", { "L-FFFFFFFF": 1 }))),
    );
    assert.ok(
      "plinth:account.quotas.L-34B43A08" in
        (await refusals("dev", set("account.quotas", { "L-34B43A08": 0 }))),
    );
  });

  it("warns if no quota is configured and the environment needs more than a new account has", async () => {
    const found = quotaAdvice("plinth", await settingsOf("prod", drop("account.quotas")));
    assert.deepEqual(
      found.map(({ path, found: what }) => [path, what]),
      [
        [
          "plinth:cluster.nodePool.limits.cpu",
          "may need 128 vCPUs of on-demand instances, and a new account has 5 (quota L-1216C47A)",
        ],
      ],
    );
    assert.deepEqual(quotaAdvice("plinth", await settingsOf("prod")), []);
  });

  for (const stack of stacks)
    it(`counts the resources of ${stack}`, async () => {
      const recording = await recordingOf(stack);
      const needs = Object.fromEntries(
        quotaNeeds(await settingsOf(stack)).map(({ code, needed }) => [code, needed]),
      );
      assert.equal(needs["L-0263D0A3"], recording.ofType("aws:ec2/eip:Eip").length);
      assert.equal(needs["L-69A177A2"], recording.ofType("aws:lb/loadBalancer:LoadBalancer").length);
      assert.equal(needs["L-7B6409FD"], recording.ofType("aws:rds/instance:Instance").length);
      assert.equal(
        needs["L-7ADDB58A"],
        recording
          .ofType("aws:rds/instance:Instance")
          .reduce((sum, { inputs: { maxAllocatedStorage } }) => sum + Number(maxAllocatedStorage), 0),
      );
      const nodes = recording
        .ofType("aws:elasticache/replicationGroup:ReplicationGroup")
        .map(({ inputs: { numCacheClusters, numNodeGroups, replicasPerNodeGroup } }) =>
          Number(numCacheClusters ?? Number(numNodeGroups) * (1 + Number(replicasPerNodeGroup))),
        );
      assert.equal(
        needs["L-DFE45DF3"],
        nodes.reduce((sum, count) => sum + count, 0),
      );
    });
});

describe("config: addresses for pods and nodes", () => {
  it("refuses a range with too few addresses for the largest size without one zone", async () => {
    const fault = (await refusals("prod", set("network.cidr", "10.30.0.0/20")))["plinth:network.cidr"];
    assert.match(
      fault?.expected ?? "",
      /a range with \d{4} addresses in the private subnets of 2 zones, one fewer than there are: \d+ pods, and 64 nodes with 16 each\. It has 1014$/,
    );
  });
});
