import assert from "node:assert/strict";
import { Asked } from "./fixture";
import { UNKNOWN, type Values } from "./wire";

const volumeType = "kubernetes:core/v1:PersistentVolume";
const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const deploymentType = "kubernetes:apps/v1:Deployment";
const jobType = "kubernetes:batch/v1:Job";

const metadata = (name: string) => ({ name, namespace: "default" });
const volume = (handle: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "v" },
  spec: { capacity: { storage: "1Gi" }, csi: { driver: "efs.csi.aws.com", volumeHandle: handle } },
});
const claim = (more: Values = {}) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: metadata("c"),
  spec: { accessModes: ["ReadWriteMany"], volumeName: "v", ...more },
});
const template = (pod: Values, container: Values = {}) => ({
  metadata: { labels: { app: "a" } },
  spec: { containers: [{ name: "a", image: "a:1", ...container }], ...pod },
});
const deployment = (pod: Values, container: Values = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: metadata("d"),
  spec: { selector: { matchLabels: { app: "a" } }, template: template(pod, container) },
});
const job = (container: Values, more: Values = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: metadata("j"),
  spec: { template: template({}, container), ...more },
});
const plain = (kind: string, name: string) => ({ apiVersion: "v1", kind, metadata: metadata(name) });
const mounts = { volumes: [{ name: "files", persistentVolumeClaim: { claimName: "c" } }] };
const variable = (from: Values) => ({ env: [{ name: "A", valueFrom: from }] });

describe("dependencies of an object", () => {
  let kubernetes: Asked;
  beforeEach(() => (kubernetes = new Asked("kubernetes", { kubeconfig: "{}", clusterIdentifier: "one" })));
  afterEach(() => kubernetes.end());

  const cases: [what: string, object: Values, needs: string][] = [
    ["a claim its volume", claim(), 'v1/PersistentVolume "v"'],
    ["a pod its claim", deployment(mounts), 'v1/PersistentVolumeClaim "default/c"'],
    ["a pod its account", deployment({ serviceAccountName: "s" }), 'v1/ServiceAccount "default/s"'],
    [
      "a pod the files that it mounts",
      deployment({ volumes: [{ name: "m", configMap: { name: "m" } }] }),
      'v1/ConfigMap "default/m"',
    ],
    [
      "a pod the secrets that it mounts",
      deployment({ volumes: [{ name: "s", projected: { sources: [{ secret: { name: "s" } }] } }] }),
      'v1/Secret "default/s"',
    ],
    [
      "a pod its variables",
      deployment({}, { envFrom: [{ configMapRef: { name: "m" } }] }),
      'v1/ConfigMap "default/m"',
    ],
    [
      "a job its secret variables",
      job(variable({ secretKeyRef: { name: "s", key: "k" } })),
      'v1/Secret "default/s"',
    ],
  ];
  const typeOf = ({ kind }: Values) =>
    kind === "Job" ? jobType : kind === "Deployment" ? deploymentType : claimType;
  for (const [what, object, needs] of cases)
    it(what, () =>
      assert.rejects(
        () => kubernetes.make(typeOf(object), object),
        (error: Error) => error.message.endsWith(`needs ${needs}, which doesn't exist`),
      ),
    );

  it("are accepted once they exist", async () => {
    await kubernetes.make(volumeType, volume("fs-1"), "v");
    await kubernetes.make(claimType, claim(), "c");
    await kubernetes.make("kubernetes:core/v1:ServiceAccount", plain("ServiceAccount", "s"), "s");
    const made = await kubernetes.make(
      deploymentType,
      deployment({ ...mounts, serviceAccountName: "s" }),
      "d",
    );
    assert.equal(made.id, "default/d");
  });

  it("exclude optional, built-in and unknown objects", async () => {
    const pod = {
      serviceAccountName: "default",
      volumes: [
        { name: "root", configMap: { name: "kube-root-ca.crt" } },
        { name: "maybe", secret: { secretName: "none", optional: true } },
        { name: "later", configMap: { name: UNKNOWN } },
      ],
    };
    const maybe = variable({ configMapKeyRef: { name: "none", key: "k", optional: true } });
    assert.equal((await kubernetes.make(deploymentType, deployment(pod, maybe))).id, "default/d");
  });

  it("include a Secret that an ExternalSecret creates", async () => {
    const release = { name: "eso", chart: "external-secrets", values: {} };
    await kubernetes.make("kubernetes:helm.sh/v3:Release", release, "eso");
    const external = {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: metadata("e"),
      spec: { target: { name: "s" } },
    };
    await kubernetes.make("kubernetes:external-secrets.io/v1:ExternalSecret", external, "e");
    const made = await kubernetes.make(
      jobType,
      job(variable({ secretKeyRef: { name: "s", key: "k" } })),
      "j",
    );
    assert.equal(made.id, "default/j");
  });

  it("aren't deleted while in use", async () => {
    const held = await kubernetes.make(volumeType, volume("fs-1"), "v");
    const bound = await kubernetes.make(claimType, claim(), "c");
    const pods = await kubernetes.make(deploymentType, deployment(mounts), "d");
    await assert.rejects(() => kubernetes.delete(volumeType, held), /can't be deleted: .*::c use it/);
    await assert.rejects(() => kubernetes.delete(claimType, bound), /can't be deleted: .*::d use it/);
    await kubernetes.delete(deploymentType, pods);
    await kubernetes.delete(claimType, bound);
    await kubernetes.delete(volumeType, held);
    assert.deepEqual(kubernetes.cloud.things(), []);
  });

  it("can be added by an update", async () => {
    const made = await kubernetes.make(deploymentType, deployment({}), "d");
    const update = () => kubernetes.update(deploymentType, made, deployment(mounts), "d");
    await assert.rejects(update, /needs v1\/PersistentVolumeClaim "default\/c"/);
    await kubernetes.make(volumeType, volume("fs-1"), "v");
    const bound = await kubernetes.make(claimType, claim(), "c");
    await update();
    await assert.rejects(() => kubernetes.delete(claimType, bound), /use it/);
  });

  const changed: [what: string, type: string, before: Values, after: Values, replaces: string[]][] = [
    [
      "a volume of other files is another volume",
      volumeType,
      volume("fs-1"),
      volume("fs-2"),
      ["spec.csi.volumeHandle"],
    ],
    [
      "a claim doesn't move",
      claimType,
      claim({ volumeName: undefined }),
      claim({ volumeName: undefined, storageClassName: "gp3" }),
      ["spec.storageClassName"],
    ],
    [
      "a claim may grow",
      claimType,
      claim({ volumeName: undefined, resources: { requests: { storage: "1Gi" } } }),
      claim({ volumeName: undefined, resources: { requests: { storage: "2Gi" } } }),
      [],
    ],
    [
      "a job's pods don't change",
      jobType,
      job({ image: "a:1" }),
      job({ image: "a:2" }),
      ["spec.template.spec.containers"],
    ],
    ["a job may be tried more often", jobType, job({}), job({}, { backoffLimit: 9 }), []],
  ];
  for (const [what, type, before, after, replaces] of changed)
    it(what, async () => {
      const made = await kubernetes.make(type, before);
      const found = await kubernetes.diff(type, made, after);
      assert.deepEqual([found.changes, found.replaces], [true, replaces]);
    });
});
