import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { writeFolder } from "../../preview/report/folder";
import { document } from "../../preview/report/json";
import { manifests } from "../../preview/report/manifests";
import { previewProgram, type Recording } from "../../preview/run-program";

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [key: string]: unknown;
}

const clear = "hunter2";

function program(): void {
  const provider = new k8s.Provider("cluster", { clusterIdentifier: "x", namespace: "apps" });
  const unknown = provider.id;
  const opts = { provider };
  new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, opts);
  new k8s.core.v1.Secret(
    "named",
    {
      metadata: { name: "named", namespace: "shop", annotations: { "example.com/role-arn": unknown } },
      data: { password: pulumi.secret(clear) },
      // The SDK marks all of it as secret, and therefore as unknown.
      stringData: { DATABASE_URL: unknown },
    },
    opts,
  );
  new k8s.core.v1.ConfigMap(
    "unnamed",
    { data: { replicas: unknown, DATABASE_URL: unknown, text: "a" } },
    opts,
  );
  new k8s.core.v1.ConfigMap("whole", { metadata: { name: "whole" }, data: unknown as never }, opts);
  new k8s.networking.v1.Ingress(
    "site",
    {
      metadata: { name: "site" },
      spec: { rules: [{ host: unknown, http: { paths: [{ pathType: "Prefix", path: "/", backend: {} }] } }] },
    },
    opts,
  );
  const custom = (name: string, apiVersion: string, kind: string, rest: object) =>
    new k8s.apiextensions.CustomResource(name, { apiVersion, kind, metadata: { name }, ...rest }, opts);
  custom("nodes", "eks.amazonaws.com/v1", "NodeClass", { spec: { subnetSelectorTerms: [{ id: unknown }] } });
  custom("things", "example.com/v1", "Thing", { spec: { replicas: unknown, restartAt: unknown } });
  custom("elsewhere", "other.example.com/v1", "Thing", {});
  new k8s.apiextensions.v1.CustomResourceDefinition(
    "definition",
    {
      metadata: { name: "things.example.com" },
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { kind: "Thing", plural: "things" },
        versions: [],
      },
    },
    opts,
  );
  new k8s.helm.v3.Release("chart", { chart: "x", version: "1.0.0" }, opts);
}

describe("the manifests of a plan", () => {
  let recording: Recording;
  let files: Map<string, KubernetesObject>;
  let placeholders: Record<string, unknown>;

  before(async () => {
    recording = await previewProgram(program);
    const written = manifests(recording);
    files = new Map(written.map(({ file, text }) => [file, parse(text) as KubernetesObject]));
    placeholders = Object.fromEntries(
      written.flatMap(({ file, placeholders }) =>
        placeholders.map((p) => [`${file} ${p.path}`, p.placeholder]),
      ),
    );
  });

  it("are in the folder of their namespace, or in `cluster`, without charts", () => {
    const unnamed = [...files.keys()].find((file) => file.includes("unnamed"));
    assert.deepEqual([...files.keys()].sort(), [
      unnamed,
      "apps/configmap-whole.yaml",
      "apps/ingress-site.yaml",
      "apps/thing-elsewhere.yaml",
      "cluster/customresourcedefinition-things.example.com.yaml",
      "cluster/namespace-shop.yaml",
      "cluster/nodeclass-nodes.yaml",
      "cluster/thing-things.yaml",
      "shop/secret-named.yaml",
    ]);
    assert.match(unnamed ?? "", /^apps\/configmap-unnamed-[0-9a-f]{8}\.yaml$/);
  });

  it("can be applied: each has a version, a kind, a name and the namespace of its folder", () => {
    for (const [file, { apiVersion, kind, metadata }] of files) {
      assert.ok(apiVersion && kind && metadata.name, file);
      assert.equal(metadata.namespace ?? "cluster", file.split("/")[0]);
    }
  });

  it("have a valid placeholder for each unknown or secret value", () => {
    const unnamed = [...files.keys()].find((file) => file.includes("unnamed")) ?? "";
    const base64 = Buffer.from("unknown").toString("base64");
    assert.deepEqual(placeholders, {
      [`${unnamed} data.replicas`]: "1",
      [`${unnamed} data.DATABASE_URL`]: "https://unknown.invalid",
      [`${unnamed} metadata.name`]: files.get(unnamed)?.metadata.name,
      "apps/configmap-whole.yaml data": {},
      "apps/ingress-site.yaml spec.rules[0].host": "unknown.invalid",
      "cluster/nodeclass-nodes.yaml spec.subnetSelectorTerms[0].id": "subnet-00000000000000000",
      "cluster/thing-things.yaml spec.replicas": 1,
      "cluster/thing-things.yaml spec.restartAt": "2000-01-01T00:00:00Z",
      'shop/secret-named.yaml metadata.annotations["example.com/role-arn"]':
        "arn:aws:iam::000000000000:role/unknown",
      "shop/secret-named.yaml data.password": base64,
      "shop/secret-named.yaml stringData": {},
    });
  });

  it("replace all of an earlier preview's, and nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "preview-"));
    try {
      const verdicts = { pack: { name: "p", version: "1" }, policies: [], violations: [] };
      const plan = document("test", recording, verdicts);
      assert.deepEqual(writeFolder(folder, plan, recording), { folder, manifests: 9, unknowns: 11 });
      const stray = join(folder, "manifests", "shop", "stray.yaml");
      writeFileSync(stray, "");
      writeFolder(folder, plan, recording);
      assert.equal(existsSync(stray), false);
      const everything = ["preview.json", "unknowns.json", "manifests/shop/secret-named.yaml"];
      for (const file of everything)
        assert.ok(!readFileSync(join(folder, file), "utf8").includes(clear), file);

      rmSync(join(folder, "manifests"), { recursive: true });
      mkdirSync(join(folder, "manifests"));
      writeFileSync(join(folder, "manifests", "precious.yaml"), "");
      assert.throws(() => writeFolder(folder, plan, recording), /contains files that no preview wrote/);
      assert.ok(existsSync(join(folder, "manifests", "precious.yaml")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
