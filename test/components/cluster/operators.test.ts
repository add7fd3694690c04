import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../../../components/cluster/platform";
import { priorities, priorityOf } from "../../../components/base/priority";
import type { ClusterSettings } from "../../../config";
import type { Registration } from "../../../preview/monitor";
import type { Recording } from "../../../preview/run-program";
import { named, waitsFor } from "../network/fixture";
import { previewCluster } from "./fixture";
import { inputsOf, metadataOf } from "../../support/inputs";

const operators: ClusterSettings["operators"] = {
  externalSecrets: { chart: "2.9.0", replicas: 2 },
  keda: { chart: "2.20.2", replicas: 2 },
  argoRollouts: { chart: "2.41.0", replicas: 2 },
  reloader: { chart: "2.2.16", replicas: 2 },
  nack: { chart: "0.34.0", replicas: 1 },
  verticalPodAutoscaler: { chart: "0.11.0", replicas: 1 },
  prometheus: { chart: "88.5.3", replicas: 2, storage: "50Gi", retentionDays: 15 },
};
interface Chart {
  repositoryOpts: { repo: string };
}
const releaseType = "kubernetes:helm.sh/v3:Release";

describe("the cluster's operators", () => {
  let recording: Recording;
  let few: Recording;
  let told: Platform["operators"] = {};
  let toldFew: Platform["operators"] = {};
  before(async () => {
    recording = await previewCluster({ operators }, true, (_, platform) => {
      told = platform.operators;
      const provider = new aws.Provider("probe", { region: "ap-northeast-2" });
      for (const [key, resource] of Object.entries(told))
        new aws.ssm.Parameter(
          `after-${key}`,
          { type: "String", value: "" },
          { provider, dependsOn: [resource as pulumi.Resource] },
        );
    });
    few = await previewCluster({}, true, (_, platform) => void (toldFew = platform.operators));
  });
  const release = (name: string): Registration => recording.one(releaseType, name);

  it("are those in the stack file, each with its version and in its own namespace", () => {
    const found = recording
      .ofType(releaseType)
      .map(({ inputs }) => [inputs.name, inputs.namespace, inputs.version]);
    assert.deepEqual(found.sort(), [
      ["argo-rollouts", "argo-rollouts", "2.41.0"],
      ["external-secrets", "external-secrets", "2.9.0"],
      ["keda", "keda", "2.20.2"],
      ["kube-prometheus-stack", "monitoring", "88.5.3"],
      ["nack", "nack", "0.34.0"],
      ["reloader", "reloader", "2.2.16"],
      ["vertical-pod-autoscaler", "vertical-pod-autoscaler", "0.11.0"],
    ]);
    assert.equal(few.ofType(releaseType).length, 1);
  });

  it("are installed atomically, and don't differ between runs", () => {
    for (const resource of recording.ofType(releaseType)) {
      const { name, inputs, options } = resource;
      assert.deepEqual([inputs.atomic, inputs.cleanupOnFail, inputs.timeout], [true, true, 600], name);
      assert.deepEqual(options.ignoreChanges, ["checksum"], name);
      assert.match(inputsOf<Chart>(resource).repositoryOpts.repo, /^https:/);
    }
  });

  it("start when there are nodes, and with their identity", () => {
    for (const { name, dependencies } of recording.ofType(releaseType)) {
      const direct = named(recording, dependencies);
      assert.ok(direct.includes("NodePool platform-nodes-pool"), name);
      assert.ok(
        direct.some((one) => one.startsWith("Namespace ")),
        name,
      );
    }
    const keda = named(recording, release("platform-operators-keda-release").dependencies);
    assert.ok(keda.includes("PodIdentityAssociation k8s-keda-association"));
  });

  it("let KEDA only read the attributes of the queues by whose length workloads scale", () => {
    const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy", "k8s-keda-policy");
    assert.match(JSON.stringify(inputs.policy), /sqs:GetQueueAttributes/);
    const { Statement } = (typeof inputs.policy === "string" ? JSON.parse(inputs.policy) : inputs.policy) as {
      Statement: unknown;
    };
    assert.deepEqual(Statement, [
      {
        Sid: "MeasureQueues",
        Effect: "Allow",
        Action: "sqs:GetQueueAttributes",
        Resource: ["arn:aws:sqs:eu-west-1:111122223333:shop-orders"],
      },
    ]);
    const association = recording.one(
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      "k8s-keda-association",
    );
    assert.deepEqual(
      [association.inputs.namespace, association.inputs.serviceAccount],
      ["keda", "keda-operator"],
    );
    assert.deepEqual(
      [...few.resources.values()].filter(({ name }) => name.includes("keda")),
      [],
    );
  });

  it("output the resource after which their kinds may be used, and undefined for missing operators", () => {
    assert.deepEqual(Object.keys(told).sort(), [
      "argoRollouts",
      "certManager",
      "keda",
      "nack",
      "prometheus",
      "reloader",
      "serviceIssuer",
      "verticalPodAutoscaler",
    ]);
    // Nothing here serves TLS.
    for (const [key, resource] of Object.entries(told))
      assert.equal(resource === undefined, key === "serviceIssuer", key);
    const there = Object.entries(toldFew).flatMap(([key, resource]) => (resource === undefined ? [] : [key]));
    assert.deepEqual(there, ["certManager"]);
  });

  it("restrict every namespace, with a quota and a default deny, including the add-on's", () => {
    const spaces = recording
      .ofType("kubernetes:core/v1:Namespace")
      .concat(recording.ofType("kubernetes:core/v1:NamespacePatch"));
    const names = spaces.map((space) => metadataOf(space).name).sort();
    assert.deepEqual(names, [
      "argo-rollouts",
      "cert-manager",
      "external-secrets",
      "keda",
      "monitoring",
      "nack",
      "reloader",
      "vertical-pod-autoscaler",
    ]);
    for (const space of spaces)
      assert.equal(metadataOf(space).labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    const of = (type: string) => recording.ofType(type).map((each) => metadataOf(each).namespace);
    assert.deepEqual(of("kubernetes:core/v1:ResourceQuota").sort(), names);
    assert.deepEqual(of("kubernetes:core/v1:LimitRange").sort(), names);
    const denied = recording
      .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
      .map(metadataOf)
      .filter(({ name }) => name === "default-deny")
      .map(({ namespace }) => namespace);
    assert.deepEqual(denied.sort(), names);
  });

  it("use EKS' cert-manager add-on, with resources, and force the `restricted` level", () => {
    const { inputs } = recording.one("aws:eks/addon:Addon", "k8s-cert-manager");
    assert.equal(inputs.addonVersion, "v1.20.2-eksbuild.3");
    const values = JSON.parse(String(inputs.configurationValues)) as {
      replicaCount: number;
      webhook: { replicaCount: number };
    };
    assert.deepEqual([values.replicaCount, values.webhook.replicaCount], [2, 2]);
    const patch = recording.one("kubernetes:core/v1:NamespacePatch");
    assert.equal(metadataOf(patch).annotations?.["pulumi.com/patchForce"], "true");
    assert.ok(named(recording, patch.dependencies).includes("Addon k8s-cert-manager"));
  });

  it("run before their kinds are used, and certificates also wait until the webhook is reachable", () => {
    const after = (key: string) => recording.one("aws:ssm/parameter:Parameter", `after-${key}`).dependencies;
    const releases = {
      keda: "keda",
      argoRollouts: "rollouts",
      nack: "nack",
      verticalPodAutoscaler: "vpa",
      prometheus: "prometheus",
    };
    for (const [key, name] of Object.entries(releases))
      assert.ok(after(key).includes(release(`platform-operators-${name}-release`).urn), key);
    const way = recording.one(
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "platform-operators-cert-manager-allow-webhook",
    );
    assert.ok(after("certManager").includes(way.urn));
    assert.ok(named(recording, waitsFor(recording, way)).includes("Addon k8s-cert-manager"));
  });
});

describe("priority classes", () => {
  let recording: Recording;
  before(async () => (recording = await previewCluster()));
  const classes = () => recording.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass");

  it("order operators before cores and APIs, then frontends, then pods that can wait", () => {
    const order = classes()
      .sort((one, other) => Number(other.inputs.value) - Number(one.inputs.value))
      .map((each) => metadataOf(each).name);
    assert.deepEqual(order, ["plinth-platform", "plinth-core", "plinth-standard", "plinth-batch"]);
    for (const { inputs } of classes()) assert.ok(Number(inputs.value) > 0 && Number(inputs.value) <= 1e9);
  });

  it("don't preempt for pods that can wait, and have one default class", () => {
    const of = (key: string) =>
      classes()
        .filter(({ inputs }) => inputs[key] === (key === "globalDefault" ? true : "Never"))
        .map((each) => metadataOf(each).name);
    assert.deepEqual(of("preemptionPolicy"), ["plinth-batch"]);
    assert.deepEqual(of("globalDefault"), ["plinth-standard"]);
  });

  it("are recreated when an immutable field changes", () => {
    for (const { options } of classes()) {
      assert.deepEqual(options.replaceOnChanges, ["value", "preemptionPolicy"]);
      assert.equal(options.deleteBeforeReplace, true);
    }
  });

  it("exist before any namespace with pods that use them", () => {
    for (const space of recording.ofType("kubernetes:core/v1:Namespace"))
      for (const { name } of classes())
        assert.ok(named(recording, space.dependencies).includes(`PriorityClass ${name}`), space.name);
  });

  it("follow from a workload's component", () => {
    const { core, standard, batch } = priorities;
    assert.deepEqual((["core", "api", "frontend", "worker"] as const).map(priorityOf), [
      core.name,
      core.name,
      standard.name,
      batch.name,
    ]);
  });
});
