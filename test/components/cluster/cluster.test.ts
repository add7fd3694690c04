import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type { Recording } from "../../../preview/run-program";
import { isUnknown } from "../../../preview/wire";
import { named, waitsFor } from "../network/fixture";
import { previewCluster, unprotected } from "./fixture";
import { inputsOf, statementsOf } from "../../support/inputs";

const clusterType = "aws:eks/cluster:Cluster";

describe("Cluster", () => {
  let recording: Recording;
  let open: Recording;
  before(async () => {
    open = await unprotected();
    recording = await previewCluster({}, true, (cluster) => {
      const provider = new aws.Provider("probe", { region: "ap-northeast-2" });
      new aws.ssm.Parameter("group", { type: "String", value: cluster.securityGroupId }, { provider });
    });
  });
  const needs = (type: string, name: string | undefined, property: string) =>
    named(recording, recording.one(type, name).propertyDependencies[property] ?? []).sort();
  const policyOf = (name: string) =>
    statementsOf(recording.one("aws:iam/rolePolicy:RolePolicy", name).inputs.policy);

  it("is EKS in Auto Mode, with all of its switches on", () => {
    const { inputs } = recording.one(clusterType);
    assert.equal(inputs.bootstrapSelfManagedAddons, false);
    // No built-in node pool, and therefore no role for its nodes: AWS refuses one without the other.
    assert.deepEqual(inputs.computeConfig, { enabled: true });
    assert.deepEqual(inputs.kubernetesNetworkConfig, {
      ipFamily: "ipv4",
      serviceIpv4Cidr: "172.20.0.0/16",
      elasticLoadBalancing: { enabled: true },
    });
    assert.deepEqual(inputs.storageConfig, { blockStorage: { enabled: true } });
    assert.deepEqual(inputs.upgradePolicy, { supportType: "STANDARD" });
  });

  it("admits the principals of access entries, but not its creator", () => {
    assert.deepEqual(recording.one(clusterType).inputs.accessConfig, {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    });
  });

  it("is reachable from the VPC, and from outside only by named networks", () => {
    const vpcConfig = (from: Recording) => {
      const { vpcConfig: config } = inputsOf<{ vpcConfig: object }>(from.one(clusterType));
      return { ...config, subnetIds: undefined };
    };
    const closed = { endpointPrivateAccess: true, endpointPublicAccess: false, subnetIds: undefined };
    assert.deepEqual(vpcConfig(recording), closed);
    assert.deepEqual(vpcConfig(open), {
      ...closed,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
  });

  it("admits people's CloudShell to its API, and nothing else except its nodes", () => {
    const rules = recording
      .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ name }) => name.startsWith("k8s-"));
    assert.deepEqual(
      rules.map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort, inputs.cidrIpv4]),
      [["k8s-from-shell", 443, 443, undefined]],
    );
    const { referencedSecurityGroupId = [] } = rules[0]?.propertyDependencies ?? {};
    assert.deepEqual(named(recording, referencedSecurityGroupId), ["SecurityGroup net-groups-shell"]);
  });

  it("encrypts secrets under the cluster's key, and logs under the logs key", () => {
    const { encryptionConfig, enabledClusterLogTypes } = inputsOf<{
      encryptionConfig: { resources: string[] };
      enabledClusterLogTypes: string[];
    }>(recording.one(clusterType));
    assert.deepEqual(encryptionConfig.resources, ["secrets"]);
    assert.deepEqual(needs(clusterType, undefined, "encryptionConfig"), ["Key keys-cluster"]);
    assert.deepEqual(enabledClusterLogTypes, ["api", "audit"]);
    const group = recording.one("aws:cloudwatch/logGroup:LogGroup", "k8s-logs");
    assert.equal(group.inputs.name, "/aws/eks/plinth-test/cluster");
    assert.equal(group.inputs.retentionInDays, 365);
    assert.ok(recording.one(clusterType).dependencies.includes(group.urn));
  });

  it("waits for the control plane's role to have all its policies", () => {
    assert.deepEqual(needs(clusterType, undefined, "roleArn"), [
      "Role k8s-roles-control-plane",
      "RolePolicy k8s-roles-control-plane-key",
      "RolePolicy k8s-roles-control-plane-tags",
      "RolePolicyAttachment k8s-roles-control-plane-AmazonEKSBlockStoragePolicy",
      "RolePolicyAttachment k8s-roles-control-plane-AmazonEKSClusterPolicy",
      "RolePolicyAttachment k8s-roles-control-plane-AmazonEKSComputePolicy",
      "RolePolicyAttachment k8s-roles-control-plane-AmazonEKSLoadBalancingPolicy",
      "RolePolicyAttachment k8s-roles-control-plane-AmazonEKSNetworkingPolicy",
    ]);
  });

  it("admits its nodes' role once it has all its policies, since EKS doesn't without a built-in pool", () => {
    const entry = recording.one("aws:eks/accessEntry:AccessEntry", "k8s-nodes");
    assert.equal(entry.inputs.type, "EC2");
    assert.deepEqual(needs("aws:eks/accessEntry:AccessEntry", "k8s-nodes", "principalArn"), [
      "Role k8s-roles-node",
      "RolePolicyAttachment k8s-roles-node-AmazonEC2ContainerRegistryPullOnly",
      "RolePolicyAttachment k8s-roles-node-AmazonEKSWorkerNodeMinimalPolicy",
    ]);
    const { inputs } = recording.one(
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      "k8s-nodes-policy",
    );
    assert.match(String(inputs.policyArn), /\/AmazonEKSAutoNodePolicy$/);
  });

  it("may create resources with our tags, only in this cluster's name", () => {
    const statements = policyOf("k8s-roles-control-plane-tags");
    const actions = statements.flatMap(({ Action }) => Action);
    for (const action of [
      ...["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate", "ec2:CreateVolume"],
      ...["ec2:CreateNetworkInterface", "elasticloadbalancing:CreateLoadBalancer"],
      ...["elasticloadbalancing:CreateTargetGroup", "ec2:CreateSecurityGroup"],
    ])
      assert.ok(actions.includes(action), action);
    for (const { Condition } of statements)
      assert.deepEqual(Condition?.StringEquals, {
        "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
      });
  });

  it("doesn't wait for the NAT gateways", () => {
    const all = named(recording, waitsFor(recording, recording.one(clusterType)));
    assert.deepEqual(
      all.filter((name) => /NatGateway|Route /.test(name)),
      [],
    );
  });

  it("is protected from deletion only if state is protected", () => {
    assert.equal(recording.one(clusterType).protect, true);
    assert.equal(recording.one(clusterType).inputs.deletionProtection, true);
    assert.equal(open.one(clusterType).inputs.deletionProtection, false);
    assert.deepEqual(
      [...open.resources.values()].filter(({ protect }) => protect),
      [],
    );
  });

  it("has a provider with a constant identifier, once its administrators have access", () => {
    const provider = recording.one("pulumi:providers:kubernetes");
    assert.equal(provider.inputs.clusterIdentifier, "plinth-test");
    assert.equal(provider.inputs.deleteUnreachable, undefined);
    const needed = named(recording, provider.propertyDependencies.kubeconfig ?? []);
    assert.deepEqual(needed.sort(), [
      "AccessPolicyAssociation k8s-access-123456789012-role-platform-admin-admin",
      "AccessPolicyAssociation k8s-access-123456789012-role-plinth-deploy-admin",
      "Cluster k8s-control-plane",
    ]);
  });

  it("pins its add-ons, and keeps settings changed in the cluster on an update", () => {
    const { inputs } = recording.one("aws:eks/addon:Addon", "k8s-metrics-server");
    assert.equal(inputs.addonVersion, "v0.9.0-eksbuild.11");
    assert.equal(inputs.resolveConflictsOnUpdate, "PRESERVE");
  });

  it("mounts shared files with a driver that may look them up but not create any", () => {
    const addon = recording.one("aws:eks/addon:Addon", "k8s-aws-efs-csi-driver");
    assert.equal(addon.inputs.addonVersion, "v3.4.2-eksbuild.1");
    for (const part of ["controller", "node"]) {
      const association = recording.one(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        `k8s-files-${part}-association`,
      );
      assert.deepEqual(
        [association.inputs.namespace, association.inputs.serviceAccount],
        ["kube-system", `efs-csi-${part}-sa`],
      );
      assert.ok(addon.dependencies.includes(association.urn), part);
      for (const action of policyOf(`k8s-files-${part}-policy`).flatMap(({ Action }) => Action))
        assert.match(action, /:Describe/);
    }
  });

  it("lets the External Secrets Operator only assume the readers' roles", () => {
    assert.deepEqual(policyOf("k8s-secrets-policy"), [
      {
        Effect: "Allow",
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Resource: "arn:aws:iam::123456789012:role/plinth-test/secrets/*",
      },
    ]);
    const association = recording.one(
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      "k8s-secrets-association",
    );
    assert.equal(association.inputs.namespace, "external-secrets");
    assert.equal(association.inputs.serviceAccount, "external-secrets");
    assert.deepEqual(named(recording, association.propertyDependencies.roleArn ?? []).sort(), [
      "Role k8s-secrets-role",
      "RolePolicy k8s-secrets-policy",
    ]);
  });

  it("delays no data store: their security groups don't depend on it", () => {
    for (const { urn, type, name } of recording.resources.values()) {
      if (!name.startsWith("net-") && !name.startsWith("keys-")) continue;
      const found = recording.resources.get(urn);
      assert.ok(found);
      const all = named(recording, waitsFor(recording, found));
      assert.deepEqual(
        all.filter((other) => other.startsWith("Cluster ")),
        [],
        `${type} ${name}`,
      );
    }
  });

  it("outputs its group's id only once the group exists", () => {
    const { inputs, propertyDependencies } = recording.one("aws:ssm/parameter:Parameter", "group");
    assert.ok(isUnknown(inputs.value));
    assert.deepEqual(named(recording, propertyDependencies.value ?? []), ["Cluster k8s-control-plane"]);
  });
});
