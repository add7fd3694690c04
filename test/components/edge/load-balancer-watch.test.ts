import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../../components/base/component";
import { watchLoadBalancer } from "../../../components/edge/load-balancer-watch";
import { previewProgram } from "../../../preview/run-program";
import { holdsUnknown, type Wire } from "../../../preview/wire";
import { awsOnly, context } from "../network/fixture";

class Parent extends Component {
  constructor(opts: pulumi.ComponentResourceOptions) {
    super("plinth:test:Parent", "region", opts);
  }
}

const preview = (ingresses: number, shielded = false) =>
  previewProgram(() => {
    const parent = new Parent(awsOnly());
    // Address of the Ingresses, which only `up` knows.
    const address = (index: number) => new aws.lb.LoadBalancer(`ingress-${index}`, {}, parent.inside).dnsName;
    watchLoadBalancer(parent, "load-balancer", {
      context: context(true),
      name: "plinth-test",
      addresses: Array.from({ length: ingresses }, (_, index) => address(index)),
      alarmTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alarms",
      shielded,
    });
  });

const alarmsOf = async (ingresses: number) =>
  (await preview(ingresses)).ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);

describe("alarms on the load balancer", () => {
  it("watch its own errors and the pods', the 95th percentile, and unhealthy pods", async () => {
    const alarms = await alarmsOf(2);
    assert.deepEqual(
      alarms.map(({ name }) => name).sort(),
      ["errors", "latency", "target-errors", "unhealthy"].map((key) => `plinth-test-load-balancer-${key}`),
    );
    for (const { dimensions = null, metricQueries = null } of alarms)
      assert.ok(holdsUnknown((dimensions ?? metricQueries) as Wire), "only `up` knows which one it is");
  });

  it("don't exist if nothing is public", async () => {
    assert.deepEqual(await alarmsOf(0), []);
  });

  it("include Shield Advanced's protection if the account subscribes", async () => {
    const type = "aws:shield/protection:Protection";
    assert.equal((await preview(1, true)).one(type).inputs.name, "plinth-test");
    assert.equal((await preview(1)).ofType(type).length, 0);
  });
});
