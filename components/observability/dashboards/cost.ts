import { BytesIEC, Dollars, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { cloudMetrics } from "../cloud-metrics";
import { selectedNamespaces, cloudQuery, query, type Plan } from "./dashboard";

const perNamespace = (expr: string) => `sum by (namespace) (${expr})`;
const requested = (resource: string, matchers = selectedNamespaces) =>
  `kube_pod_container_resource_requests{${matchers},resource="${resource}"}`;
const used = {
  cpu: `rate(container_cpu_usage_seconds_total{${selectedNamespaces},container!=""}[$__rate_interval])`,
  memory: `container_memory_working_set_bytes{${selectedNamespaces},container!=""}`,
};

const both = (resource: "cpu" | "memory") => [
  query(perNamespace(requested(resource)), "{{namespace}} requested"),
  query(perNamespace(used[resource]), "{{namespace}} used"),
];

const packed = (resource: "cpu" | "memory") =>
  query(
    `sum(${requested(resource, 'namespace!=""')}) / sum(kube_node_status_capacity{resource="${resource}"})`,
    resource,
  );

/** What the environment pays for, and how much of it is used: resource requests decide how many nodes there are. */
export const cost: Plan = {
  uid: "cost",
  title: "Cost",
  description: "Resource usage against requests, requests against node capacity, and AWS' estimated charges.",
  rows: {
    "Resource requests and usage": [
      { title: "CPUs", unit: Short, queries: both("cpu") },
      { title: "Memory", unit: BytesIEC, queries: both("memory") },
      {
        title: "CPU usage / requests",
        unit: PercentUnit,
        queries: [query(`${perNamespace(used.cpu)} / ${perNamespace(requested("cpu"))}`, "{{namespace}}")],
        description: "Far below 100 % for days: the requests are too high, and nodes are idle.",
      },
    ],
    Nodes: [
      {
        title: "Requests / node capacity",
        unit: PercentUnit,
        max: 1,
        queries: [packed("cpu"), packed("memory")],
      },
      {
        title: "Node CPUs",
        unit: Short,
        queries: [query('sum(kube_node_status_capacity{resource="cpu"})', "CPUs")],
      },
      {
        title: "Resource quotas: used / hard",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `kube_resourcequota{${selectedNamespaces},type="used"} / ignoring (type) (kube_resourcequota{${selectedNamespaces},type="hard"} > 0)`,
            "{{namespace}} {{resource}}",
          ),
        ],
      },
    ],
    Bill: [
      {
        title: "Estimated charges this month",
        unit: Dollars,
        queries: [cloudQuery(cloudMetrics.charges, "Maximum")],
        description:
          "For the whole account. Requires billing alerts, which the account's billing preferences turn on.",
      },
    ],
  },
};
