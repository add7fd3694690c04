import assert from "node:assert/strict";
import { Asked } from "./fixture";
import { UNKNOWN, type Values } from "./wire";

const map = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const namespace = "kubernetes:core/v1:Namespace";
const definition = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const widget = "kubernetes:example.com/v1:Widget";

const configMap = (metadata: Values, data: Values = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  data,
});
const space = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const aWidget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: {} };

function aDeployment({ labels = { app: "a" }, name = "a" }: { labels?: Values; name?: string } = {}) {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: "a:1" }] } };
  const spec = { selector: { matchLabels: { app: "a" } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace: "default" }, spec };
}

describe("the in-memory Kubernetes provider", () => {
  let kubernetes: Asked;
  beforeEach(() => (kubernetes = new Asked("kubernetes", { kubeconfig: "{}", clusterIdentifier: "one" })));
  afterEach(() => kubernetes.end());

  describe("refuses", () => {
    const noContainers = { ...aDeployment(), spec: { selector: {}, template: { spec: {} } } };
    const cases: [what: string, type: string, inputs: Values, refusal: RegExp][] = [
      ["a missing field", deployment, noContainers, /^spec.template.spec.containers: required/],
      ["an unknown field", map, { ...configMap({ name: "m" }), date: {} }, /^date: unknown/],
      [
        "a selector that selects nothing",
        deployment,
        aDeployment({ labels: { app: "b" } }),
        /matchLabels.app: doesn't match/,
      ],
      [
        "a label that is too long",
        deployment,
        aDeployment({ labels: { app: "a".repeat(64) } }),
        /isn't a label's value/,
      ],
      [
        "a container's name of the wrong form",
        deployment,
        aDeployment({ name: "A" }),
        /containers\[0\].name: "A" isn't/,
      ],
      [
        "a name that is too long",
        namespace,
        space("n".repeat(64)),
        /^metadata.name: .*64 characters; allowed are 63$/,
      ],
      [
        "a condition that the provider can't parse",
        map,
        configMap({ name: "m", annotations: { "pulumi.com/waitFor": "jsonpath={.a[?$.b >= 2]}" } }),
        /waitFor: ".*" isn't understood$/,
      ],
      ["a name of the wrong form", map, configMap({ name: "Upper" }), /^metadata.name: "Upper" isn't/],
      [
        "a namespace of a cluster-scoped kind",
        namespace,
        { ...space("n"), metadata: { name: "n", namespace: "m" } },
        /has no namespace$/,
      ],
    ];
    for (const [what, type, inputs, refusal] of cases)
      it(what, async () => {
        const refusals = await kubernetes.refusals(type, inputs);
        assert.ok(
          refusals.some((text) => refusal.test(text)),
          `found ${JSON.stringify(refusals)}`,
        );
      });

    it("a known secret", async () => {
      kubernetes.cloud.addSecret("Canary01234567890");
      const clear = await kubernetes.refusals(
        map,
        configMap({ name: "m" }, { url: "postgres://u:Canary01234567890@db" }),
      );
      const encoded = Buffer.from("Canary01234567890").toString("base64");
      const hidden = await kubernetes.refusals(map, configMap({ name: "m" }, { url: encoded }));
      assert.match(clear.join(), /data\.url: holds a secret/);
      assert.match(hidden.join(), /data\.url: holds a secret/);
    });

    it("to use the ambient cluster", () => {
      assert.deepEqual(
        kubernetes.service.checkConfig({}).map(({ property }) => property),
        ["kubeconfig"],
      );
    });
  });

  it("accepts a valid object with unknown values", async () => {
    assert.deepEqual(await kubernetes.refusals(deployment, aDeployment()), []);
    assert.deepEqual(await kubernetes.refusals(map, configMap({ name: UNKNOWN, namespace: UNKNOWN })), []);
    for (const condition of ["condition=Ready", '["jsonpath={.a[?@ == $.b]}","jsonpath={.c}=Healthy"]'])
      assert.deepEqual(
        await kubernetes.refusals(
          map,
          configMap({ name: "m", annotations: { "pulumi.com/waitFor": condition } }),
        ),
        [],
      );
  });

  it("refuses an object before its namespace", async () => {
    const inputs = configMap({ name: "m", namespace: "n" });
    await assert.rejects(() => kubernetes.make(map, inputs), /namespaces "n" not found/);
    await kubernetes.make(namespace, space("n"));
    assert.equal((await kubernetes.make(map, inputs)).id, "n/m");
  });

  it("refuses a custom resource before its definition, or of a version that isn't served", async () => {
    const versions = [
      { name: "v1", served: true },
      { name: "v2", served: false },
    ];
    const spec = {
      group: "example.com",
      scope: "Cluster",
      names: { kind: "Widget", plural: "widgets" },
      versions,
    };
    await assert.rejects(() => kubernetes.make(widget, aWidget), /its definition doesn't exist/);
    const metadata = { name: "widgets.example.com" };
    await kubernetes.make(definition, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata,
      spec,
    });
    assert.equal((await kubernetes.make(widget, aWidget)).id, "w");
    await assert.rejects(
      () => kubernetes.make(widget, { ...aWidget, apiVersion: "example.com/v2" }),
      /its definition doesn't exist/,
    );
  });

  it("serves a chart's kinds once it is installed, unless its values exclude them", async () => {
    const release = "kubernetes:helm.sh/v3:Release";
    const rollout = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: "r", namespace: "default" },
    };
    const install = (name: string, values: Values) =>
      kubernetes.make(release, { name, chart: "argo-rollouts", values });
    await install("without", { installCRDs: false });
    await assert.rejects(
      () => kubernetes.make("kubernetes:argoproj.io/v1alpha1:Rollout", rollout),
      /doesn't exist/,
    );
    await install("with", {});
    assert.equal((await kubernetes.make("kubernetes:argoproj.io/v1alpha1:Rollout", rollout)).id, "default/r");
  });

  it("serves the kinds of an EKS add-on only in its cluster", async () => {
    const [type, kind] = ["kubernetes:cert-manager.io/v1:Issuer", "Issuer"];
    const metadata = { name: "ca", namespace: "default" };
    const issuer = { apiVersion: "cert-manager.io/v1", kind, metadata };
    kubernetes.service.configure({ kubeconfig: "{}", clusterIdentifier: "one" });
    const addon = (cluster: string) =>
      kubernetes.cloud.add({
        urn: "",
        type: "aws:eks/addon:Addon",
        id: `${cluster}:cert-manager`,
        names: [],
        uses: [],
      });
    addon("other");
    await assert.rejects(() => kubernetes.make(type, issuer), /doesn't exist/);
    addon("one");
    assert.equal((await kubernetes.make(type, issuer)).id, "default/ca");
  });

  it("accepts objects in a namespace that is only patched", async () => {
    const patch = "kubernetes:core/v1:NamespacePatch";
    await kubernetes.make(patch, space("n"));
    assert.equal((await kubernetes.make(map, configMap({ name: "m", namespace: "n" }))).id, "n/m");
  });

  it("accepts pods that read an object that is only patched", async () => {
    await kubernetes.make(namespace, space("n"));
    const pods = aDeployment();
    const reading = {
      ...pods,
      metadata: { name: "reads", namespace: "n" },
      spec: {
        ...pods.spec,
        template: {
          ...pods.spec.template,
          spec: { containers: [{ name: "c", envFrom: [{ configMapRef: { name: "settings" } }] }] },
        },
      },
    };
    await assert.rejects(() => kubernetes.make(deployment, reading), /needs v1\/ConfigMap "n\/settings"/);
    await kubernetes.make(
      "kubernetes:core/v1:ConfigMapPatch",
      configMap({ name: "settings", namespace: "n" }),
    );
    assert.equal((await kubernetes.make(deployment, reading)).id, "n/reads");
  });

  it("separates clusters", async () => {
    await kubernetes.make(namespace, space("n"));
    await assert.rejects(() => kubernetes.make(namespace, space("n")), /already exists/);
    kubernetes.service.configure({ kubeconfig: "{}", clusterIdentifier: "two" });
    assert.equal((await kubernetes.make(namespace, space("n"))).id, "n");
  });

  it("distinguishes a replacement from an update", async () => {
    const made = await kubernetes.make(deployment, aDeployment());
    const scaled = { ...aDeployment(), spec: { ...aDeployment().spec, replicas: 2 } };
    const moved = { ...aDeployment(), metadata: { name: "a", namespace: "other" } };
    const selected = {
      ...aDeployment(),
      spec: { ...aDeployment().spec, selector: { matchLabels: { app: "b" } } },
    };
    assert.deepEqual(await kubernetes.diff(deployment, made, aDeployment()), {
      changes: false,
      replaces: [],
      first: "create",
    });
    assert.deepEqual(await kubernetes.diff(deployment, made, scaled), {
      changes: true,
      replaces: [],
      first: "create",
    });
    assert.deepEqual(await kubernetes.diff(deployment, made, moved), {
      changes: true,
      replaces: ["metadata.namespace"],
      first: "create",
    });
    assert.deepEqual((await kubernetes.diff(deployment, made, selected)).replaces, [
      "spec.selector.matchLabels.app",
    ]);
  });

  it("replaces a ConfigMap whose data change, unless the provider may update it in place", async () => {
    const made = await kubernetes.make(map, configMap({ name: "m" }, { a: "1" }));
    const wanted = configMap({ name: "m" }, { a: "2" });
    assert.deepEqual((await kubernetes.diff(map, made, wanted)).replaces, ["data.a"]);
    kubernetes.service.configure({
      kubeconfig: "{}",
      clusterIdentifier: "one",
      enableConfigMapMutable: true,
    });
    assert.deepEqual(await kubernetes.diff(map, made, wanted), {
      changes: true,
      replaces: [],
      first: "create",
    });
  });

  it("is replaced with its identifier, and without one with its kubeconfig", () => {
    const { service } = kubernetes;
    assert.equal(service.replacesConfig("kubeconfig", { clusterIdentifier: "one" }), false);
    assert.equal(service.replacesConfig("clusterIdentifier", { clusterIdentifier: "two" }), true);
    assert.equal(service.replacesConfig("kubeconfig", {}), true);
  });
});
