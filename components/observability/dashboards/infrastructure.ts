import { BytesIEC, BytesPerSecondIEC, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { thresholds } from "../thresholds";
import { selectedNamespaces, query, type Panel, type Plan } from "./dashboard";

const pod = "{{namespace}}/{{pod}}";
const rate = (metric: string, matchers: string) => `rate(${metric}{${matchers}}[$__rate_interval])`;
const perPod = (expr: string) => `sum by (namespace, pod) (${expr})`;
const containers = `${selectedNamespaces},container!=""`;
const limit = (resource: string) =>
  perPod(`kube_pod_container_resource_limits{${selectedNamespaces},resource="${resource}"}`);
/** The node as a whole: the root cgroup. */
const node = 'id="/"';
const perNode = (expr: string) => `sum by (node) (${expr})`;

const inAndOut = (
  title: string,
  series: (metric: string) => string,
  legend: string,
  names: [string, string],
): Panel => ({
  title,
  unit: BytesPerSecondIEC,
  queries: names.map((name) => query(series(name), `${legend} ${/receive|read/.test(name) ? "in" : "out"}`)),
});

/** AMS' infrastructure dashboard: CPU, memory, disk, network and restarts of pods, and the nodes under them. */
export const infrastructure = (nodeCpus: number): Plan => ({
  uid: "infrastructure",
  title: "Infrastructure",
  description: "Pods, volumes and nodes, as the kubelets and kube-state-metrics report them.",
  rows: {
    Pods: [
      {
        title: "CPU usage / limit",
        unit: PercentUnit,
        threshold: thresholds.resourceShare,
        queries: [
          query(`${perPod(rate("container_cpu_usage_seconds_total", containers))} / ${limit("cpu")}`, pod),
        ],
      },
      {
        title: "Memory usage / limit",
        unit: PercentUnit,
        threshold: thresholds.resourceShare,
        queries: [
          query(`${perPod(`container_memory_working_set_bytes{${containers}}`)} / ${limit("memory")}`, pod),
        ],
      },
      {
        title: "Restarts per hour",
        unit: Short,
        threshold: thresholds.restartsPerHour,
        queries: [
          query(perPod(`increase(kube_pod_container_status_restarts_total{${selectedNamespaces}}[1h])`), pod),
        ],
      },
      inAndOut("Network", (name) => perPod(rate(name, selectedNamespaces)), pod, [
        "container_network_receive_bytes_total",
        "container_network_transmit_bytes_total",
      ]),
      inAndOut("Disk", (name) => perPod(rate(name, containers)), pod, [
        "container_fs_reads_bytes_total",
        "container_fs_writes_bytes_total",
      ]),
      {
        title: "Volume usage",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.volumeShare,
        queries: [
          query(
            `1 - kubelet_volume_stats_available_bytes{${selectedNamespaces}} / kubelet_volume_stats_capacity_bytes{${selectedNamespaces}}`,
            "{{namespace}}/{{persistentvolumeclaim}}",
          ),
        ],
      },
    ],
    Nodes: [
      {
        title: "CPU",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `${perNode(rate("container_cpu_usage_seconds_total", node))} / ${perNode('kube_node_status_capacity{resource="cpu"}')}`,
            "{{node}}",
          ),
        ],
      },
      {
        title: "Memory",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `${perNode(`container_memory_working_set_bytes{${node}}`)} / ${perNode('kube_node_status_capacity{resource="memory"}')}`,
            "{{node}}",
          ),
        ],
      },
      {
        title: "Disk usage",
        unit: BytesIEC,
        queries: [query(`sum by (node, device) (container_fs_usage_bytes{${node}})`, "{{node}} {{device}}")],
      },
      inAndOut("Network", (name) => perNode(rate(name, node)), "{{node}}", [
        "container_network_receive_bytes_total",
        "container_network_transmit_bytes_total",
      ]),
      {
        title: "Not ready, or under pressure",
        unit: Short,
        queries: [
          query(
            'max by (node, condition) (kube_node_status_condition{condition!="Ready",status="true"})',
            "{{node}} {{condition}}",
          ),
          query(
            '1 - max by (node) (kube_node_status_condition{condition="Ready",status="true"})',
            "{{node}} not ready",
          ),
        ],
      },
      {
        title: "Node CPUs / limit of the node pool",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.resourceShare,
        queries: [query(`sum(kube_node_status_capacity{resource="cpu"}) / ${nodeCpus}`, "nodes")],
      },
    ],
  },
});
