import { BytesIEC, Dollars, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { cloudMetrics } from "../cloud-metrics";
import { chosen, cloudQuery, query, type Plan } from "./dashboard";

const perNamespace = (expr: string) => `sum by (namespace) (${expr})`;
const requested = (resource: string, matchers = chosen) =>
  `kube_pod_container_resource_requests{${matchers},resource="${resource}"}`;
const used = {
  cpu: `rate(container_cpu_usage_seconds_total{${chosen},container!=""}[$__rate_interval])`,
  memory: `container_memory_working_set_bytes{${chosen},container!=""}`,
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

/** What is paid for and what of it is used: requests decide how many nodes there are. */
export const cost: Plan = {
  uid: "cost",
  title: "Cost",
  description: "Requests against use, nodes against requests, and AWS' estimate of the month's bill.",
  rows: {
    "Requests and use": [
      { title: "CPUs", unit: Short, queries: both("cpu") },
      { title: "Memory", unit: BytesIEC, queries: both("memory") },
      {
        title: "CPU used, of the requests",
        unit: PercentUnit,
        queries: [query(`${perNamespace(used.cpu)} / ${perNamespace(requested("cpu"))}`, "{{namespace}}")],
        description: "Far below 1 for days: the requests are too large, and nodes stand idle.",
      },
    ],
    Nodes: [
      {
        title: "Requests, of the nodes' capacity",
        unit: PercentUnit,
        max: 1,
        queries: [packed("cpu"), packed("memory")],
      },
      {
        title: "CPUs of the nodes",
        unit: Short,
        queries: [query('sum(kube_node_status_capacity{resource="cpu"})', "CPUs")],
      },
      {
        title: "Quotas, used",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `kube_resourcequota{${chosen},type="used"} / ignoring (type) (kube_resourcequota{${chosen},type="hard"} > 0)`,
            "{{namespace}} {{resource}}",
          ),
        ],
      },
    ],
    Bill: [
      {
        title: "Estimate of this month",
        unit: Dollars,
        queries: [cloudQuery(cloudMetrics.charges, "Maximum")],
        description:
          "Of the whole account. Needs billing alerts, which the account's billing preferences turn on.",
      },
    ],
  },
};
