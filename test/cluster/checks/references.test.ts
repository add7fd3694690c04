import assert from "node:assert/strict";

import { asRollout } from "../fixtures/rollout";
import { pick, set, shop, without } from "../fixtures/shop";
import type { KubeObject } from "../types";
import type { Context } from "./check";
import { references } from "./references";

/** Findings of the check on these objects, which are its only input. */
async function found(objects: readonly KubeObject[]): Promise<string[]> {
  const { findings } = await references.run({ objects, facts: { chartServices: ["shop/chart"] } } as Context);
  return findings.map(({ object, message }) => `${object}: ${message}`);
}

/** The sample, whose api mounts a Secret that cert-manager creates. */
function withCertificate(spec: object, key = "tls.crt"): KubeObject[] {
  const objects = shop();
  const items = [{ key, path: key }];
  set(pick(objects, "Deployment"), "spec.template.spec.volumes", [
    { name: "tls", secret: { secretName: "api-tls", items } },
  ]);
  const certificate = { secretName: "api-tls", dnsNames: ["api"], issuerRef: { name: "ca" }, ...spec };
  const metadata = { name: "api", namespace: "shop" };
  return [...objects, { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec: certificate }];
}

describe("references to objects that controllers create", () => {
  it("are met by a certificate's Secret and its keys", async () => {
    assert.deepEqual(await found(withCertificate({})), []);
    assert.deepEqual(await found(withCertificate({ keystores: { jks: {} } }, "keystore.jks")), []);
    assert.deepEqual(await found(withCertificate({}, "tls.pem")), [
      "Deployment shop/api: refers to the key tls.pem of Secret api-tls, which has tls.crt, tls.key, ca.crt",
    ]);
    assert.deepEqual(await found(withCertificate({ secretName: "api" })), [
      "Deployment shop/api: refers to Secret api-tls, which there isn't",
    ]);
  });

  it("are met by an external secret's name if it has no target name", async () => {
    const objects = shop();
    set(pick(objects, "ExternalSecret"), "spec.target", undefined);
    const env = [{ name: "URL", valueFrom: { secretKeyRef: { name: "secrets", key: "database-url" } } }];
    set(pick(objects, "Deployment"), "spec.template.spec.containers.0.env", env);
    assert.deepEqual(await found(objects), []);
  });
});

describe("references to what no manifest has", () => {
  const ingress = (service: string): KubeObject => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "page", namespace: "shop" },
    spec: {
      ingressClassName: "page",
      rules: [{ http: { paths: [{ backend: { service: { name: service, port: { number: 80 } } } }] } }],
    },
  });
  const ingressClass = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "page" },
  };

  it("are met by a chart's Service in its namespace", async () => {
    assert.deepEqual(await found([...shop(), ingressClass, ingress("chart")]), []);
    assert.deepEqual(await found([...shop(), ingressClass, ingress("other")]), [
      "Ingress shop/page: refers to Service other, which there isn't",
    ]);
  });
});

describe("a Service of a DaemonSet", () => {
  const agent = (app: string): KubeObject[] => [
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "agent", namespace: "shop" },
      spec: { template: { metadata: { labels: { app } }, spec: { containers: [] } } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "agent", namespace: "shop" },
      spec: { selector: { app: "agent" } },
    },
  ];

  it("selects its pods", async () => {
    assert.deepEqual(await found([...shop(), ...agent("agent")]), []);
    assert.deepEqual(await found([...shop(), ...agent("node")]), [
      "Service shop/agent: selects no workload's pods",
    ]);
  });
});

describe("references of a Rollout", () => {
  it("include those of its pods, its Services, its Ingress and its analyses", async () => {
    assert.deepEqual(await found(asRollout(shop())), []);
    const analysis = { templates: [{ templateName: "metrics" }] };
    const faults: [strategy: object, reference: string][] = [
      [{ blueGreen: { activeService: "web" } }, "Service web"],
      [{ blueGreen: { activeService: "api", previewService: "next" } }, "Service next"],
      [{ blueGreen: { activeService: "api", prePromotionAnalysis: analysis } }, "AnalysisTemplate metrics"],
      [{ blueGreen: { activeService: "api", postPromotionAnalysis: analysis } }, "AnalysisTemplate metrics"],
      [{ canary: { stableService: "old" } }, "Service old"],
      [{ canary: { canaryService: "new" } }, "Service new"],
      [{ canary: { pingPong: { pingService: "ping", pongService: "api" } } }, "Service ping"],
      [{ canary: { pingPong: { pingService: "api", pongService: "pong" } } }, "Service pong"],
      [{ canary: { analysis } }, "AnalysisTemplate metrics"],
      [{ canary: { steps: [{ analysis }] } }, "AnalysisTemplate metrics"],
      [{ canary: { trafficRouting: { alb: { ingress: "web" } } } }, "Ingress web"],
    ];
    for (const [strategy, reference] of faults) {
      const objects = asRollout(shop());
      set(pick(objects, "Rollout"), "spec.strategy", strategy);
      assert.deepEqual(await found(objects), [`Rollout shop/api: refers to ${reference}, which there isn't`]);
    }
    assert.deepEqual(await found(without(asRollout(shop()), "ServiceAccount", "api")), [
      "Rollout shop/api: refers to ServiceAccount api, which there isn't",
    ]);
  });

  it("include a Service of the new version, by its label", async () => {
    const objects = asRollout(shop());
    const coming = { "example.com/release": "incoming" };
    set(pick(objects, "Service", "api-preview"), "spec.selector", { app: "api", ...coming });
    const blind = ["Service shop/api-preview: selects no workload's pods"];
    assert.deepEqual(await found(objects), blind);
    set(pick(objects, "Rollout"), "spec.strategy", { canary: { canaryMetadata: { labels: coming } } });
    assert.deepEqual(await found(objects), []);
  });

  it("include those of its autoscaler", async () => {
    const scaled = (name: string): KubeObject => ({
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "api", namespace: "shop" },
      spec: { scaleTargetRef: { kind: "Rollout", name }, triggers: [] },
    });
    assert.deepEqual(await found([...asRollout(shop()), scaled("api")]), []);
    assert.deepEqual(await found([...asRollout(shop()), scaled("web")]), [
      "ScaledObject shop/api: refers to Rollout web, which there isn't",
    ]);
  });
});
