import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess, principalKey } from "../../../components/cluster/access";
import type { ClusterSettings } from "../../../config";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { awsOnly } from "../network/fixture";
import { role } from "./fixture";

const preview = (access: ClusterSettings["access"]) =>
  previewProgram(() => {
    const clusterName = pulumi.output("plinth-test");
    new ClusterAccess("access", { clusterName, access }, awsOnly());
  });

const entries = (recording: Recording) =>
  recording.ofType("aws:eks/accessEntry:AccessEntry").map(({ name, inputs }) => [name, inputs.principalArn]);
const grants = (recording: Recording) =>
  recording
    .ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    .map(({ inputs }) => [inputs.principalArn, String(inputs.policyArn).split("/").at(-1)]);

describe("access to the cluster", () => {
  it("gives each level its policy, for the whole cluster", async () => {
    const recording = await preview({ admin: [role("a")], operator: [role("o")], viewer: [role("v")] });
    assert.deepEqual(grants(recording), [
      [role("a"), "AmazonEKSClusterAdminPolicy"],
      [role("o"), "AmazonEKSEditPolicy"],
      [role("v"), "AmazonEKSViewPolicy"],
    ]);
    for (const { inputs } of recording.ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"))
      assert.deepEqual(inputs.accessScope, { type: "cluster" });
  });

  it("keeps a principal's entry when lists shift and when it changes its level", async () => {
    const before = await preview({ admin: [role("a"), role("b")], operator: [role("c")], viewer: [] });
    const after = await preview({ admin: [role("b")], operator: [role("a")], viewer: [role("c")] });
    assert.deepEqual(entries(after), entries(before));
  });

  it("makes one entry for a principal of two levels, with both rights", async () => {
    const recording = await preview({ admin: [role("a")], operator: [role("a"), role("a")], viewer: [] });
    assert.equal(entries(recording).length, 1);
    assert.equal(grants(recording).length, 2);
  });

  it("tells principals apart by account, kind and name", () => {
    assert.equal(principalKey(role("a")), "123456789012-role-a");
    assert.equal(principalKey("arn:aws:iam::1:role/team/deploy"), "1-role-deploy");
    assert.equal(principalKey("arn:aws:iam::1:user/deploy"), "1-user-deploy");
  });
});
