import assert from "node:assert/strict";
import { schemaOf } from "./fixture";

describe("the schema from the SDK's types", () => {
  it("distinguishes required inputs from others", () => {
    const inputs = schemaOf("aws").resources["aws:eks/cluster:Cluster"]?.inputs ?? {};
    assert.deepEqual(inputs["vpcConfig"], {
      shape: { kind: "object", name: "eks.ClusterVpcConfig" },
      required: true,
    });
    assert.equal(inputs["version"]?.required, false);
  });

  it("follows nested types, lists and maps", () => {
    const { objects, resources } = schemaOf("aws");
    const subnets = objects["eks.ClusterVpcConfig"]?.["subnetIds"];
    assert.deepEqual(subnets, { shape: { kind: "list", of: { kind: "text" } }, required: true });
    const tags = resources["aws:ec2/vpc:Vpc"]?.inputs["tags"]?.shape;
    assert.deepEqual(tags, { kind: "map", of: { kind: "text" } });
  });

  it("knows outputs that always have a value", () => {
    const outputs = schemaOf("aws").resources["aws:rds/instance:Instance"]?.outputs ?? {};
    assert.equal(outputs["endpoint"]?.always, true);
    assert.equal(outputs["replicateSourceDb"]?.always, false);
  });

  it("finds Kubernetes kinds by group and version", () => {
    const { objects, resources } = schemaOf("kubernetes");
    assert.ok(resources["kubernetes:networking.k8s.io/v1:NetworkPolicy"] !== undefined);
    assert.equal(objects["core.v1.Container"]?.["name"]?.required, true);
  });

  it("reads from the documentation which inputs replace", () => {
    const { replaceDocumented } =
      schemaOf("aws").resources["aws:elasticache/replicationGroup:ReplicationGroup"] ?? {};
    assert.deepEqual(replaceDocumented, ["snapshotName", "transitEncryptionEnabled"]);
  });
});
