import assert from "node:assert/strict";
import { natsValues } from "../../../components/messaging/nats-values";
import type { Manifest } from "../../support/objects";
import { preview } from "../data/fixture";
import { nats, settings, spec } from "./nats-fixture";
import { inputsOf } from "../../support/inputs";

const releaseType = "kubernetes:helm.sh/v3:Release";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const secretType = "kubernetes:external-secrets.io/v1:ExternalSecret";

const pods = (namespace: string, name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
});

interface Ingress {
  from: unknown[];
  ports: { port: number }[];
}

const policy = async (make: ReturnType<typeof nats>) =>
  inputsOf<{ spec: { ingress: Ingress[] } }>((await preview(make)).recording.one(policyType)).spec;

describe("Nats", () => {
  it("installs the official chart at the pinned version, atomically", async () => {
    const { recording } = await preview(nats(true));
    const { inputs, dependencies, options } = recording.one(releaseType);
    const expected = {
      name: "nats",
      namespace: "shop",
      chart: "nats",
      version: "2.14.2",
      repositoryOpts: { repo: "https://nats-io.github.io/k8s/helm/charts" },
      atomic: true,
      values: natsValues({ settings: settings(3), storageClass: "encrypted", kept: true }),
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(inputs[key], value, key);
    assert.ok(dependencies.includes(recording.one(policyType).urn));
    assert.ok(dependencies.includes(recording.one(secretType, "shop-nats-accounts").urn), "its accounts");
    assert.deepEqual(options.ignoreChanges, ["checksum"]);
  });

  it("protects its data if the environment is protected", async () => {
    for (const protect of [true, false])
      assert.equal((await preview(nats(protect))).recording.one(releaseType).protect, protect);
  });

  it("allows ingress only from its clients, the JetStream controller and its peers", async () => {
    const servers = { podSelector: { matchLabels: { "app.kubernetes.io/name": "nats" } } };
    assert.deepEqual(await policy(nats(true)), {
      ...servers,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [pods("shop", "shop-api"), pods("shop", "shop-packer"), pods("nack", "nack")],
          ports: [{ protocol: "TCP", port: 4222 }],
        },
        { from: [servers], ports: [{ protocol: "TCP", port: 6222 }] },
      ],
      egress: [{ to: [servers], ports: [{ protocol: "TCP", port: 6222 }] }],
    });
  });

  it("allows KEDA to read its monitoring endpoint, if configured", async () => {
    const { ingress } = await policy(nats(true, {}, ["nack", "keda"]));
    assert.deepEqual(
      ingress.filter(({ ports }) => ports[0]?.port === 8222),
      [{ from: [pods("keda", "keda-operator")], ports: [{ protocol: "TCP", port: 8222 }] }],
    );
  });

  it("allows Prometheus to scrape its metrics, if configured", async () => {
    const make = nats(true, {}, ["certManager", "nack", "prometheus"]);
    const { ingress } = await policy(make);
    assert.deepEqual(
      ingress.filter(({ ports }) => ports[0]?.port === 7777),
      [{ from: [pods("monitoring", "prometheus")], ports: [{ protocol: "TCP", port: 7777 }] }],
    );
    const monitor = (await preview(make)).recording.one("kubernetes:monitoring.coreos.com/v1:PodMonitor");
    assert.deepEqual(monitor.inputs.metadata, { name: "nats", namespace: "shop" });
    assert.match(JSON.stringify(monitor.inputs.spec), /"port":"prom-metrics"/);
    assert.ok(monitor.dependencies.some((urn) => urn.endsWith("::prometheus")));
    assert.deepEqual((await preview(nats(true))).recording.ofType(monitor.type), []);
  });

  it("without clients and streams allows ingress only from its peers", async () => {
    const { ingress } = await policy(nats(true, { users: [], spec: { ...spec, streams: {} } }));
    assert.equal(ingress.length, 1);
    for (const { from } of ingress) assert.ok(from.length > 0, "a rule without peers allows everyone");
  });

  it("syncs its accounts and the controller's login from the entry, once that is filled", async () => {
    const { recording } = await preview(nats(true));
    const version = recording.one("aws:secretsmanager/secretVersion:SecretVersion");
    for (const resource of recording.ofType(secretType)) {
      const { metadata, spec: of } = inputsOf<Manifest>(resource);
      assert.equal(metadata.namespace, "shop");
      assert.equal(metadata.annotations?.["pulumi.com/waitFor"], "condition=Ready");
      assert.ok(resource.dependencies.includes(version.urn));
      for (const { remoteRef } of of?.data as { remoteRef: { key: string } }[])
        assert.equal(remoteRef.key, "plinth-test/shop/nats");
    }
    const controller = inputsOf<Manifest>(recording.one(secretType, "shop-nats-controller"));
    const { template } = controller.spec?.target as { template: { data: Record<string, string> } };
    assert.deepEqual(template.data, {
      user: "jetstream-controller_1",
      password: "{{ index . `jetstream-controller_1` }}",
    });
  });

  it("outputs its address, its certificate authority and its dependencies", async () => {
    const { plain, destinations, secret, authority } = (await preview(nats(true))).store.outputs;
    assert.equal(secret?.entry, "plinth-test/shop/nats");
    assert.deepEqual(destinations, [{ kind: "pods", namespace: "shop", name: "nats", ports: [4222] }]);
    assert.deepEqual(authority, { secret: "nats-tls", key: "ca.crt", path: "/etc/plinth/nats" });
    assert.equal(plain.ca, `${authority.path}/${authority.key}`);
  });
});
