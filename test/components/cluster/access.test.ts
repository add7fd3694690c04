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
const groups = (recording: Recording) =>
  recording.ofType("aws:eks/accessEntry:AccessEntry").map(({ inputs }) => inputs.kubernetesGroups);
const grants = (recording: Recording) =>
  recording
    .ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    .map(({ inputs }) => [inputs.principalArn, String(inputs.policyArn).split("/").at(-1)]);

describe("access to the cluster", () => {
  it("gives administrators EKS' policy, and the others a Kubernetes group", async () => {
    const recording = await preview({ admin: [role("a")], operator: [role("o")], viewer: [role("v")] });
    assert.deepEqual(grants(recording), [[role("a"), "AmazonEKSClusterAdminPolicy"]]);
    assert.deepEqual(groups(recording), [[], ["plinth-operators"], ["plinth-viewers"]]);
    for (const { inputs } of recording.ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"))
      assert.deepEqual(inputs.accessScope, { type: "cluster" });
  });

  it("keeps a principal's entry when lists are reordered and when its level changes", async () => {
    const before = await preview({ admin: [role("a"), role("b")], operator: [role("c")], viewer: [] });
    const after = await preview({ admin: [role("b")], operator: [role("a")], viewer: [role("c")] });
    assert.deepEqual(entries(after), entries(before));
  });

  it("creates one entry for a principal of two levels, with both permissions", async () => {
    const both = await preview({ admin: [role("a")], operator: [role("a"), role("a")], viewer: [role("a")] });
    assert.equal(entries(both).length, 1);
    assert.equal(grants(both).length, 1);
    assert.deepEqual(groups(both), [["plinth-operators", "plinth-viewers"]]);
  });

  it("distinguishes principals by account, kind and name", () => {
    assert.equal(principalKey(role("a")), "123456789012-role-a");
    assert.equal(principalKey("arn:aws:iam::1:role/team/deploy"), "1-role-deploy");
    assert.equal(principalKey("arn:aws:iam::1:user/deploy"), "1-user-deploy");
  });
});
