import assert from "node:assert/strict";
import { argoRolloutsPolicies } from "../../../components/cluster/operators/argo-rollouts";
import { certManagerPolicies } from "../../../components/cluster/operators/cert-manager";
import { kedaPolicies } from "../../../components/cluster/operators/keda";
import { nackPolicies } from "../../../components/cluster/operators/nack";
import type { Policies } from "../../../components/cluster/operators/policies";
import { prometheusPolicies } from "../../../components/cluster/operators/prometheus";
import { reloaderPolicies } from "../../../components/cluster/operators/reloader";
import { verticalPodAutoscalerPolicies } from "../../../components/cluster/operators/vertical-pod-autoscaler";
import { reach } from "./fixture";

const nobody = { namespaces: [], natsNamespaces: [], verified: [], metricsPorts: [] };

const ranges = { vpcCidr: "10.30.0.0/16", privateCidrs: ["10.30.0.0/19"], serviceCidr: "172.20.0.0/16" };
const all: Record<string, Policies> = {
  keda: kedaPolicies(ranges, reach),
  argoRollouts: argoRolloutsPolicies(ranges, reach),
  nack: nackPolicies(ranges, reach),
  reloader: reloaderPolicies(ranges),
  verticalPodAutoscaler: verticalPodAutoscalerPolicies(ranges),
  certManager: certManagerPolicies(ranges),
  prometheus: prometheusPolicies(ranges, {
    ports: [8000],
    askers: [{ namespace: "keda", name: "keda-operator" }],
  }),
};

const tcp = (port: number) => [{ protocol: "TCP", port }];
const app = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });
const pods = (namespace: string, name: string, port: number) => ({
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: app(name),
    },
  ],
  ports: tcp(port),
});
const controlPlane = [{ ipBlock: { cidr: "10.30.0.0/19" } }];

/** The policies with an ingress rule. */
const entrances = (policies: Policies) =>
  Object.entries(policies)
    .filter(([, { ingress }]) => ingress !== undefined)
    .map(([name]) => name);

describe("the operators' network policies", () => {
  for (const [name, policies] of Object.entries(all))
    it(`deny all traffic of ${name} except DNS and the API server`, () => {
      assert.deepEqual(policies["default-deny"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      assert.match(JSON.stringify(policies["allow-dns"]), /"172\.20\.0\.10\/32"/);
      assert.deepEqual(policies["allow-api-server"]?.egress, [
        { to: [{ ipBlock: { cidr: "172.20.0.1/32" } }, ...controlPlane], ports: tcp(443) },
      ]);
      for (const { ingress, egress } of Object.values(policies))
        for (const rules of [ingress, egress])
          for (const rule of (rules ?? []) as { from?: unknown[]; to?: unknown[]; ports?: unknown[] }[]) {
            assert.ok((rule.from ?? rule.to ?? []).length > 0, "a rule without peers is open to all");
            assert.ok((rule.ports ?? []).length > 0, "a rule without ports opens all of them");
          }
    });

  it("allow the API server to reach KEDA's metrics and webhooks, and the metrics server the operator", () => {
    const { keda = {} } = all;
    assert.deepEqual(entrances(keda), ["allow-metrics", "allow-webhooks", "allow-from-metrics"]);
    assert.deepEqual(keda["allow-metrics"], {
      podSelector: app("keda-operator-metrics-apiserver"),
      policyTypes: ["Ingress"],
      ingress: [{ from: controlPlane, ports: tcp(6443) }],
    });
    assert.deepEqual(keda["allow-webhooks"]?.podSelector, app("keda-admission-webhooks"));
    assert.deepEqual(keda["allow-webhooks"]?.ingress, [{ from: controlPlane, ports: tcp(9443) }]);
    const way = { ports: tcp(9666) };
    assert.deepEqual(keda["allow-to-operator"], {
      podSelector: app("keda-operator-metrics-apiserver"),
      policyTypes: ["Egress"],
      // The Service's own selector, or its address isn't allowed.
      egress: [{ to: [{ podSelector: { matchLabels: { app: "keda-operator" } } }], ...way }],
    });
    assert.deepEqual(keda["allow-from-metrics"], {
      podSelector: app("keda-operator"),
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: app("keda-operator-metrics-apiserver") }], ...way }],
    });
  });

  it("allow only KEDA's operator to reach queues, Pod Identity, Prometheus and existing NATS servers", () => {
    const sources = (namespaces: string[]) =>
      kedaPolicies(ranges, { ...nobody, natsNamespaces: namespaces })["allow-sources"];
    const always = [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.30.0.0/16", "172.20.0.0/16", "169.254.0.0/16"] } }],
        ports: tcp(443),
      },
      { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: tcp(80) },
      pods("monitoring", "prometheus", 9090),
    ];
    assert.deepEqual(sources(["chat"])?.podSelector, app("keda-operator"));
    assert.deepEqual(sources(["chat"])?.egress, [...always, pods("chat", "nats", 8222)]);
    assert.deepEqual(sources([])?.egress, always);
  });

  it("allow Argo Rollouts to reach Prometheus, and no ingress", () => {
    const { argoRollouts = {} } = all;
    assert.deepEqual(entrances(argoRollouts), []);
    assert.deepEqual(argoRollouts["allow-prometheus"], {
      podSelector: app("argo-rollouts"),
      policyTypes: ["Egress"],
      egress: [pods("monitoring", "prometheus", 9090)],
    });
  });

  it("allow Argo Rollouts to reach new versions before a switch", () => {
    assert.deepEqual(all.argoRollouts?.["allow-verification"], {
      podSelector: app("argo-rollouts"),
      policyTypes: ["Egress"],
      egress: [pods("shop", "web", 8080)],
    });
    assert.equal("allow-verification" in argoRolloutsPolicies(ranges, nobody), false);
  });

  it("allow NACK to reach existing NATS servers", () => {
    assert.deepEqual(entrances(all.nack ?? {}), []);
    assert.deepEqual(all.nack?.["allow-nats"], {
      podSelector: app("nack"),
      policyTypes: ["Egress"],
      egress: [pods("chat", "nats", 4222)],
    });
    assert.equal("allow-nats" in nackPolicies(ranges, nobody), false);
  });

  it("allow the API server to reach cert-manager's webhook, and nothing to reach the recommender", () => {
    assert.deepEqual(entrances(all.verticalPodAutoscaler ?? {}), []);
    assert.deepEqual(Object.keys(all.reloader ?? {}), Object.keys(all.verticalPodAutoscaler ?? {}));
    assert.deepEqual(entrances(all.certManager ?? {}), ["allow-webhook"]);
    assert.deepEqual(all.certManager?.["allow-webhook"]?.ingress, [
      { from: controlPlane, ports: tcp(10250) },
    ]);
  });
});
