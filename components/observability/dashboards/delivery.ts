import { PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { statusShareBy } from "../expressions";
import { thresholds } from "../thresholds";
import { selectedNamespaces, query, type Plan } from "./dashboard";

const rollout = "{{namespace}}/{{name}}";

/** Running versions, and the state of releases, gates and autoscaling. */
export const delivery: Plan = {
  uid: "delivery",
  title: "Delivery",
  description: "Versions, releases with their analysis, gates and autoscaling.",
  rows: {
    Versions: [
      {
        title: "Containers by image",
        unit: Short,
        queries: [
          query(
            `count by (namespace, image) (kube_pod_container_info{${selectedNamespaces}})`,
            "{{namespace}} {{image}}",
          ),
        ],
      },
      {
        title: "Rollouts by phase",
        unit: Short,
        queries: [
          query(
            `count by (namespace, phase) (rollout_info{${selectedNamespaces}})`,
            "{{namespace}} {{phase}}",
          ),
        ],
      },
      {
        title: "Updated pods / desired pods",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `max by (namespace, name) (rollout_info_replicas_updated{${selectedNamespaces}}) / max by (namespace, name) (rollout_info_replicas_desired{${selectedNamespaces}} > 0)`,
            rollout,
          ),
        ],
      },
    ],
    Releases: [
      {
        title: "AnalysisRuns by phase",
        unit: Short,
        queries: [
          query(
            `count by (namespace, phase) (analysis_run_info{${selectedNamespaces}})`,
            "{{namespace}} {{phase}}",
          ),
        ],
      },
      {
        title: "Server errors (5xx)",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.errorRate,
        queries: [
          query(statusShareBy(selectedNamespaces, "namespace, service", "5.."), "{{namespace}}/{{service}}"),
        ],
      },
      {
        title: "Failed Jobs: migrations, backups, tests",
        unit: Short,
        queries: [query(`kube_job_status_failed{${selectedNamespaces}} > 0`, "{{namespace}}/{{job_name}}")],
      },
    ],
    Autoscaling: [
      {
        title: "Pods / maximum",
        unit: PercentUnit,
        max: 1,
        queries: [
          query(
            `kube_horizontalpodautoscaler_status_current_replicas{${selectedNamespaces}} / kube_horizontalpodautoscaler_spec_max_replicas{${selectedNamespaces}}`,
            "{{namespace}}/{{horizontalpodautoscaler}}",
          ),
        ],
      },
      {
        title: "KEDA scaler metrics",
        unit: Short,
        queries: [
          query(
            `max by (namespace, scaledObject, scaler) (keda_scaler_metrics_value{${selectedNamespaces}})`,
            "{{namespace}}/{{scaledObject}} {{scaler}}",
          ),
        ],
      },
      {
        title: "KEDA scaler errors",
        unit: Short,
        queries: [
          query(
            `sum by (namespace, scaledObject) (increase(keda_scaler_detail_errors_total{${selectedNamespaces}}[10m]))`,
            "{{namespace}}/{{scaledObject}}",
          ),
        ],
      },
    ],
  },
};
