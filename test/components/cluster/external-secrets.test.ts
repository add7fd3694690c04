import assert from "node:assert/strict";
import {
  externalSecretsPolicies,
  externalSecretsSizes,
  externalSecretsValues,
} from "../../../components/cluster/operators/external-secrets";
import { operatorQuota } from "../../../components/cluster/operators/sizes";
import { amount } from "../../../config";

interface Part {
  replicaCount: number;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  podDisruptionBudget: { enabled: boolean; minAvailable: number };
}
const partsOf = (replicas: number): Part[] => {
  const values = externalSecretsValues(replicas) as unknown as Part & { webhook: Part; certController: Part };
  return [values, values.webhook, values.certController];
};

describe("the External Secrets Operator's chart values", () => {
  it("give every part its pods, requests and limits", () => {
    for (const part of partsOf(2)) {
      assert.equal(part.replicaCount, 2);
      for (const what of ["cpu", "memory"]) {
        const [request, limit] = [part.resources.requests[what], part.resources.limits[what]];
        assert.ok(amount(String(request)) <= amount(String(limit)), `${what}: ${request} of ${limit}`);
      }
    }
  });

  it("keep one of several pods during a drain, and allow evicting a single one", () => {
    for (const part of partsOf(2))
      assert.deepEqual(part.podDisruptionBudget, { enabled: true, minAvailable: 1 });
    for (const part of partsOf(1)) assert.equal(part.podDisruptionBudget.enabled, false);
  });

  it("enable leader election with several pods", () => {
    assert.equal(externalSecretsValues(1).leaderElect, false);
    assert.equal(externalSecretsValues(2).leaderElect, true);
  });

  it("fit the quota during an upgrade, when each pod may exist twice", () => {
    for (const replicas of [1, 2, 5]) {
      const quota = operatorQuota(externalSecretsSizes, replicas);
      const total = (bound: "requests" | "limits", what: string) =>
        partsOf(replicas).reduce(
          (sum, part) => sum + 2 * replicas * amount(String(part.resources[bound][what])),
          0,
        );
      for (const bound of ["requests", "limits"] as const)
        for (const what of ["cpu", "memory"])
          assert.ok(
            amount(String(quota[`${bound}.${what}`])) >= total(bound, what) - 1e-9,
            `${bound}.${what} for ${replicas}`,
          );
      assert.equal(quota.pods, String(6 * replicas + 1));
    }
  });
});

describe("the External Secrets Operator's network policies", () => {
  const policies = externalSecretsPolicies({
    vpcCidr: "10.30.0.0/16",
    privateCidrs: ["10.30.0.0/19"],
    serviceCidr: "172.20.0.0/16",
  });

  it("deny all traffic by default", () => {
    assert.deepEqual(policies["default-deny"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("allow only the API server to reach the webhook", () => {
    const withIngress = Object.entries(policies).filter(([, { ingress }]) => ingress !== undefined);
    assert.deepEqual(
      withIngress.map(([name]) => name),
      ["allow-webhook"],
    );
    assert.deepEqual(policies["allow-webhook"]?.ingress, [
      { from: [{ ipBlock: { cidr: "10.30.0.0/19" } }], ports: [{ protocol: "TCP", port: 10250 }] },
    ]);
  });

  it("allow all parts to reach the API server and DNS, at EKS' addresses", () => {
    assert.deepEqual(policies["allow-api-server"]?.egress, [
      {
        to: [{ ipBlock: { cidr: "172.20.0.1/32" } }, { ipBlock: { cidr: "10.30.0.0/19" } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
    assert.match(JSON.stringify(policies["allow-dns"]?.egress), /"172\.20\.0\.10\/32"/);
  });

  it("allow only the operator to reach AWS and the Pod Identity agent", () => {
    const policy = policies["allow-secrets-manager"];
    assert.deepEqual(policy?.podSelector, { matchLabels: { "app.kubernetes.io/name": "external-secrets" } });
    assert.deepEqual(policy?.egress, [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.30.0.0/16", "172.20.0.0/16", "169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
      { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
    ]);
  });
});
