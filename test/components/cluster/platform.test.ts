import assert from "node:assert/strict";
import type { Platform } from "../../../components/cluster/platform";
import type { Recording } from "../../../preview/run-program";
import { context, named, networkSettings, waitsFor } from "../network/fixture";
import { previewCluster, unprotected } from "./fixture";
import { inputsOf, metadataOf } from "../../support/inputs";

const objectOf = (recording: Recording, kind: string, name?: string) => {
  const found = [...recording.resources.values()].filter(
    (each) => each.inputs.kind === kind && (name === undefined || metadataOf(each).name === name),
  );
  const [first] = found;
  assert.ok(first !== undefined && found.length === 1, `${found.length} of kind ${kind}`);
  return first;
};
const releaseType = "kubernetes:helm.sh/v3:Release";

const storageClassType = "kubernetes:storage.k8s.io/v1:StorageClass";

interface Spec {
  spec: Record<string, unknown>;
}
interface StorageClass {
  parameters: Record<string, string>;
  volumeBindingMode: string;
  reclaimPolicy: string;
}
interface SecretsRelease {
  version: string;
  atomic: boolean;
  name: string;
  values: { replicaCount: number; serviceAccount: { name: string } };
}

describe("Platform", () => {
  let recording: Recording;
  let told: Pick<Platform, "storageClass"> | undefined;
  before(async () => (recording = await previewCluster({}, true, (_, platform) => void (told = platform))));

  it("contains only Kubernetes objects: AWS resources don't wait for the cluster", () => {
    const inside = [...recording.resources.values()].filter(({ name }) => name.startsWith("platform"));
    assert.ok(inside.length > 10);
    for (const { type } of inside) assert.match(type, /^(kubernetes|plinth):/);
  });

  it("runs nodes in the private subnets, encrypted, with the security group that data stores admit", () => {
    const nodeClass = objectOf(recording, "NodeClass");
    const needs = named(recording, nodeClass.propertyDependencies.spec ?? []);
    for (const needed of [
      "Cluster k8s-control-plane",
      "Key keys-cluster",
      "Role k8s-roles-node",
      "AccessPolicyAssociation k8s-nodes-policy",
      "SecurityGroup net-groups-nodes",
      ...networkSettings.zones.flatMap((zone) => [
        `Subnet net-private-${zone}`,
        `Route net-gateways-private-${zone}`,
      ]),
    ])
      assert.ok(needs.includes(needed), `${needed} of ${needs.join(", ")}`);
    const { spec } = inputsOf<Spec>(nodeClass);
    assert.equal((spec.subnetSelectorTerms as unknown[]).length, 3);
    assert.equal((spec.securityGroupSelectorTerms as unknown[]).length, 2);
    // Denied connections are logged.
    assert.equal(spec.networkPolicyEventLogs, "Enabled");
    // EKS reserves this name.
    assert.notEqual(metadataOf(nodeClass).name, "default");
  });

  it("creates nodes of the configured type in every zone, with limits, replaced a few at a time", () => {
    const { spec } = inputsOf<{
      spec: {
        template: { spec: { requirements: { key: string; values: string[] }[]; nodeClassRef: unknown } };
        limits: unknown;
        disruption: Record<string, unknown>;
      };
    }>(objectOf(recording, "NodePool"));
    const values = Object.fromEntries(spec.template.spec.requirements.map(({ key, values: v }) => [key, v]));
    assert.deepEqual(values["kubernetes.io/arch"], ["arm64"]);
    assert.deepEqual(values["karpenter.sh/capacity-type"], ["on-demand"]);
    assert.deepEqual(values["topology.kubernetes.io/zone"], networkSettings.zones);
    assert.deepEqual(values["eks.amazonaws.com/instance-cpu"], ["17"], "fewer than");
    assert.deepEqual(values["eks.amazonaws.com/instance-memory"], ["65537"], "MiB, less than");
    assert.deepEqual(spec.limits, { cpu: "64", memory: "256Gi" });
    assert.equal(spec.disruption.consolidationPolicy, "WhenEmptyOrUnderutilized");
    assert.equal(spec.disruption.consolidateAfter, "15m", "longer than an autoscaler's own window");
    assert.deepEqual(spec.disruption.budgets, [{ nodes: "10%" }, { nodes: "1", reasons: ["Underutilized"] }]);
    const nodeClass = metadataOf(objectOf(recording, "NodeClass"));
    assert.deepEqual(spec.template.spec.nodeClassRef, {
      group: "eks.amazonaws.com",
      kind: "NodeClass",
      name: nodeClass.name,
    });
  });

  it("has one default storage class, encrypted, whose volumes are retained if state is protected", async () => {
    const storage = inputsOf<StorageClass>(recording.one(storageClassType, "platform-storage"));
    const { encrypted, type } = storage.parameters;
    assert.deepEqual([encrypted, type], ["true", "gp3"]);
    assert.equal(storage.volumeBindingMode, "WaitForFirstConsumer");
    assert.equal(storage.reclaimPolicy, "Retain");
    const open = await unprotected();
    assert.equal(open.one(storageClassType, "platform-storage").inputs.reclaimPolicy, "Delete");
  });

  it("adds the cost tags to resources that EKS creates", () => {
    const { tags } = context();
    assert.deepEqual(inputsOf<Spec>(objectOf(recording, "NodeClass")).spec.tags, tags);
    const { parameters } = inputsOf<StorageClass>(recording.one(storageClassType, "platform-storage"));
    const found = Object.entries(parameters).filter(([key]) => /^tagSpecification_\d+$/.test(key));
    assert.deepEqual(
      found.map(([, value]) => value),
      Object.entries(tags).map(([key, value]) => `${key}=${value}`),
    );
  });

  it("enables network policies, whether EKS has created the object or not", () => {
    const patch = recording.one("kubernetes:core/v1:ConfigMapPatch");
    // If `destroy` disabled it, its finalizers would stay on the policies.
    assert.equal(patch.options.retainOnDelete, true);
    assert.deepEqual(patch.inputs.data, { "enable-network-policy-controller": "true" });
    const { name, namespace } = metadataOf(patch);
    assert.deepEqual([namespace, name], ["kube-system", "amazon-vpc-cni"]);
  });

  it("starts the operator when it has nodes and its identity", () => {
    const release = recording.one(releaseType);
    const direct = named(recording, release.dependencies);
    assert.ok(direct.includes("PodIdentityAssociation k8s-secrets-association"));
    assert.ok(direct.includes("NodePool platform-nodes-pool"));
    assert.ok(direct.includes("Namespace platform-secrets-namespace-namespace"));
  });

  it("installs the operator at an exact version, atomically", () => {
    const { version, atomic, name, values } = inputsOf<SecretsRelease>(recording.one(releaseType));
    assert.equal(version, "2.9.0");
    assert.equal(atomic, true);
    assert.equal(name, "external-secrets");
    assert.equal(values.replicaCount, 2);
    assert.equal(values.serviceAccount.name, "external-secrets");
  });

  it("denies SecretStores and generators in namespaces, which could name another role", () => {
    const { spec } = inputsOf<{
      spec: {
        matchConstraints: Record<string, { apiGroups: string[]; resources: string[] }[]>;
        validations: { expression: string }[];
      };
    }>(objectOf(recording, "ValidatingAdmissionPolicy", "plinth-secret-stores"));
    const refused = spec.matchConstraints.resourceRules?.map(({ apiGroups, resources }) => [
      ...apiGroups,
      ...resources,
    ]);
    assert.deepEqual(refused, [
      ["external-secrets.io", "secretstores"],
      ["generators.external-secrets.io", "*"],
    ]);
    assert.deepEqual(
      spec.validations.map(({ expression }) => expression),
      ["false"],
    );
    const binding = inputsOf<Spec>(
      objectOf(recording, "ValidatingAdmissionPolicyBinding", "plinth-secret-stores"),
    );
    assert.deepEqual(binding.spec.validationActions, ["Deny"]);
  });

  it("outputs its storage class", () => assert.equal(told?.storageClass, "encrypted"));

  it("restricts the operator's namespace, with a quota and a default deny", () => {
    const { labels } = metadataOf(recording.one("kubernetes:core/v1:Namespace"));
    assert.equal(labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    recording.one("kubernetes:core/v1:LimitRange", "platform-secrets-namespace-limits");
    const { spec } = inputsOf<{ spec: { hard: Record<string, string> } }>(
      recording.one("kubernetes:core/v1:ResourceQuota", "platform-secrets-namespace-quota"),
    );
    assert.equal(spec.hard.pods, "13");
    const policies = recording
      .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
      .filter(({ name }) => name.startsWith("platform-secrets-"));
    assert.deepEqual(
      policies.map((policy) => metadataOf(policy).name),
      ["allow-api-server", "allow-dns", "allow-secrets-manager", "allow-webhook", "default-deny"],
    );
  });

  it("never makes a workload wait through its Secrets for more than the operator needs", () => {
    const all = named(recording, waitsFor(recording, recording.one(releaseType)));
    assert.deepEqual(
      all.filter((name) => /FlowLog|Addon|VpcEndpoint|NetworkPolicy|StorageClass/.test(name)),
      [],
    );
  });
});
