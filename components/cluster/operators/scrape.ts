import { scrapedMetrics } from "../../observability/metric-names";

/** Port of the kubelets, on every node. */
export const kubeletPort = 10250;

/** Mount path of a pod's service account token. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Scrapes every kubelet for the listed metrics, and drops all others. EKS signs kubelet certificates with the cluster's
 * certificate authority, so they are verified. The chart's ClusterRole has the permission (`nodes/metrics`).
 */
const kubelets = (job: string, path: string, names: readonly string[]) => ({
  job_name: job,
  metrics_path: path,
  scheme: "https",
  scrape_interval: "30s",
  // The label `namespace` is that of the pod with the volume or container.
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
 * Scrape jobs in addition to those of the Prometheus operator. The operator would maintain an Endpoints object for the
 * kubelets in kube-system; Prometheus discovers nodes through the API, so it doesn't need that permission.
 */
export const scrapeConfigs = () => [
  kubelets("kubelet", "/metrics", scrapedMetrics.kubelet),
  kubelets("cadvisor", "/metrics/cadvisor", scrapedMetrics.containers),
];
