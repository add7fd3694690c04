import { scrapedMetrics } from "../../observability/metric-names";

/** Port of the kubelets, on every node. */
export const kubeletPort = 10250;

/** Where Kubernetes mounts what a pod's service account logs in with. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Scrapes every kubelet for the metrics named, and drops the others. EKS signs a kubelet's certificate with the cluster's
 * own authority, so it is verified. The right to read is the chart's own ClusterRole (`nodes/metrics`).
 */
const kubelets = (job: string, path: string, names: readonly string[]) => ({
  job_name: job,
  metrics_path: path,
  scheme: "https",
  scrape_interval: "30s",
  // The label namespace is the pod's whose volume or container it is.
  honor_labels: true,
  tls_config: { ca_file: `${account}/ca.crt` },
  authorization: { credentials_file: `${account}/token` },
  kubernetes_sd_configs: [{ role: "node" }],
  relabel_configs: [
    { source_labels: ["__meta_kubernetes_node_name"], target_label: "node", action: "replace" },
  ],
  metric_relabel_configs: [{ source_labels: ["__name__"], regex: names.join("|"), action: "keep" }],
});

/**
 * Jobs beside those that the Prometheus operator makes. It would find the kubelets through an Endpoints object in
 * kube-system that it keeps itself; Prometheus finds them through the API, and that right isn't needed.
 */
export const scrapeConfigs = () => [
  kubelets("kubelet", "/metrics", scrapedMetrics.kubelet),
  kubelets("cadvisor", "/metrics/cadvisor", scrapedMetrics.containers),
];
