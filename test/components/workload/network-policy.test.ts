import assert from "node:assert/strict";
import { allowDns, defaultDeny } from "../../../components/network/pod-traffic";
import { workloadPolicy, type Reach } from "../../../components/workload/network-policy";

const addresses = {
  vpcCidr: "10.0.0.0/16",
  publicCidrs: ["10.0.192.0/20", "10.0.208.0/20"],
  privateCidrs: ["10.0.0.0/18"],
  isolatedCidrs: ["10.0.128.0/20"],
  serviceCidr: "172.20.0.0/16",
};

const alone: Reach = {
  ports: [4000],
  public: false,
  callers: [],
  callees: [],
  destinations: [],
  identity: false,
};

describe("network policy", () => {
  it("allows nothing for a workload without references", () => {
    const policy = workloadPolicy("ams-api", alone, addresses);
    assert.deepEqual([policy.ingress, policy.egress], [undefined, undefined]);
    assert.deepEqual(policy.policyTypes, ["Ingress", "Egress"]);
  });

  it("allows ingress from the load balancer's subnets, on the workload's own ports", () => {
    const { ingress } = workloadPolicy("ams-api", { ...alone, public: true }, addresses);
    assert.deepEqual(ingress, [
      {
        from: [{ ipBlock: { cidr: "10.0.192.0/20" } }, { ipBlock: { cidr: "10.0.208.0/20" } }],
        ports: [{ protocol: "TCP", port: 4000 }],
      },
    ]);
  });

  it("allows callers by namespace and name together, never by only one", () => {
    const { ingress } = workloadPolicy(
      "api",
      { ...alone, callers: [{ namespace: "opmas-ui", name: "ui" }] },
      addresses,
    );
    assert.deepEqual(ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "opmas-ui" } },
            podSelector: { matchLabels: { "app.kubernetes.io/name": "ui" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 4000 }],
      },
    ]);
  });

  it("allows Prometheus only on the metrics port, if there is one", () => {
    const { ingress } = workloadPolicy(
      "api",
      { ...alone, ports: [4000, 4001], metricsPort: 4000 },
      addresses,
    );
    assert.deepEqual(ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
            podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 4000 }],
      },
    ]);
  });

  it("reaches a database in the isolated subnets only, and the internet without the VPC, Services and instance metadata", () => {
    const { egress } = workloadPolicy(
      "api",
      {
        ...alone,
        destinations: [
          { kind: "isolated", ports: [5432] },
          { kind: "internet", ports: [443] },
        ],
      },
      addresses,
    );
    assert.deepEqual(egress, [
      { to: [{ ipBlock: { cidr: "10.0.128.0/20" } }], ports: [{ protocol: "TCP", port: 5432 }] },
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/16", "172.20.0.0/16", "169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  it("refuses a rule for a data store without subnets, since it would allow everything", () => {
    const reach: Reach = { ...alone, destinations: [{ kind: "isolated", ports: [5432] }] };
    assert.throws(
      () => workloadPolicy("api", reach, { ...addresses, isolatedCidrs: [] }),
      /no isolated subnets/,
    );
  });

  it("reaches an external network on its ports, but never the VPC, however large the range", () => {
    const to = (cidr: string) =>
      workloadPolicy(
        "core",
        { ...alone, destinations: [{ kind: "network", cidrs: [cidr], ports: [80] }] },
        addresses,
      ).egress;
    const ports = [{ protocol: "TCP", port: 80 }];
    assert.deepEqual(to("198.51.100.0/24"), [{ to: [{ ipBlock: { cidr: "198.51.100.0/24" } }], ports }]);
    assert.deepEqual(to("8.0.0.0/5"), [
      { to: [{ ipBlock: { cidr: "8.0.0.0/5", except: ["10.0.0.0/16"] } }], ports },
    ]);
  });

  it("reaches an interface endpoint in the private subnets only", () => {
    const destinations = [{ kind: "private", ports: [443] }] as const;
    const { egress } = workloadPolicy("api", { ...alone, destinations }, addresses);
    assert.deepEqual(egress, [
      { to: [{ ipBlock: { cidr: "10.0.0.0/18" } }], ports: [{ protocol: "TCP", port: 443 }] },
    ]);
  });

  it("reaches the Pod Identity agent if it assumes a role", () => {
    const { egress } = workloadPolicy("api", { ...alone, identity: true }, addresses);
    assert.deepEqual(egress, [
      { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
    ]);
  });

  it("denies all traffic of a namespace, and allows DNS at the cluster's address", () => {
    assert.deepEqual(defaultDeny, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(allowDns(addresses.serviceCidr).egress, [
      {
        to: [{ ipBlock: { cidr: "172.20.0.10/32" } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ]);
  });
});
