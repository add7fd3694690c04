import assert from "node:assert/strict";
import { quotaAdvice, quotaNeeds } from "../../config/checks/quotas";
import { drop, faultsOf, set } from "../support/edits";
import { catalog, recordingOf, settingsOf, stacks } from "../support/frozen";

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

  it("counts volumes of nodes, and targets of the load balancer", async () => {
    const needsOf = async (edit?: Parameters<typeof settingsOf>[1]) =>
      Object.fromEntries(
        quotaNeeds(catalog, await settingsOf("prod", edit)).map(({ code, needed }) => [code, needed]),
      );
    const [nodeClass] = (await recordingOf("prod")).ofType("kubernetes:eks.amazonaws.com/v1:NodeClass");
    const { size } = (nodeClass?.inputs.spec as { ephemeralStorage: { size: string } }).ephemeralStorage;
    assert.equal(size, "80Gi");
    // 5 TiB of 64 nodes, and less than one for NATS and Prometheus.
    const given = await needsOf();
    assert.equal(given["L-7A658B76"], 6);
    const most = (workload: string) => set(`systems.opmas.workloads.${workload}.autoscaling.max`, 8);
    // Nothing public reaches the core.
    assert.equal((await needsOf(most("core")))["L-7E6692B2"], given["L-7E6692B2"]);
    // With those of an update, ten pods instead of eight.
    assert.equal((await needsOf(most("management-api")))["L-7E6692B2"], (given["L-7E6692B2"] ?? 0) + 2);
    const few = await refusals("prod", set("account.quotas", { "L-1216C47A": 128, "L-7E6692B2": 20 }));
    assert.match(
      few["plinth:account.quotas.L-7E6692B2"]?.expected ?? "",
      /at least \d+ targets of the Application Load Balancer: plinth:systems may need so many/,
    );
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
    const found = quotaAdvice("plinth", catalog, await settingsOf("prod", drop("account.quotas")));
    assert.deepEqual(
      found.map(({ path, found: what }) => [path, what]),
      [
        [
          "plinth:cluster.nodePool.limits.cpu",
          "may need 128 vCPUs of on-demand instances, and a new account has 5 (quota L-1216C47A)",
        ],
      ],
    );
    assert.deepEqual(quotaAdvice("plinth", catalog, await settingsOf("prod")), []);
  });

  for (const stack of stacks)
    it(`counts the resources of ${stack}`, async () => {
      const recording = await recordingOf(stack);
      const needs = Object.fromEntries(
        quotaNeeds(catalog, await settingsOf(stack)).map(({ code, needed }) => [code, needed]),
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
