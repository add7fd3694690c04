import { Days, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { replicaAlarms } from "../data-alarms";
import { cloudMetrics } from "../cloud-metrics";
import { thresholds } from "../thresholds";
import { boundOf, selectedNamespaces, cloudQuery, query, type Plan } from "./dashboard";

const day = 86_400;

/** What a recovery would start from, and what stops workloads when it expires: certificates and secrets. */
export const recovery: Plan = {
  uid: "recovery",
  title: "Recovery",
  description: "Backups, replication, certificates and secrets.",
  rows: {
    Backups: [
      { title: "Completed", unit: Short, queries: [cloudQuery(cloudMetrics.backupsCompleted, "Sum")] },
      {
        title: "Failed",
        unit: Short,
        threshold: 1,
        queries: [cloudQuery(cloudMetrics.backupsFailed, "Sum")],
      },
      {
        title: "Time since the last completed Job",
        unit: Seconds,
        queries: [
          query(
            `time() - max by (namespace) (kube_job_status_completion_time{${selectedNamespaces}})`,
            "{{namespace}}",
          ),
        ],
        description:
          "Migrations and the backups before them. Kubernetes deletes finished Jobs after their TTL.",
      },
    ],
    Replication: [
      {
        title: "Database replica lag",
        unit: Seconds,
        threshold: boundOf(replicaAlarms.lag),
        queries: [cloudQuery(cloudMetrics.databaseLag, "Maximum")],
      },
      {
        title: "Cache replica lag",
        unit: Seconds,
        queries: [cloudQuery(cloudMetrics.cacheLag, "Maximum")],
      },
    ],
    "Certificates and secrets": [
      {
        title: "Days until certificates expire",
        unit: Days,
        threshold: thresholds.certificateDays,
        below: true,
        queries: [
          query(
            `(min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds{${selectedNamespaces}}) - time()) / ${day}`,
            "{{namespace}}/{{name}}",
          ),
        ],
      },
      {
        title: "ExternalSecrets that can't be synced",
        unit: Short,
        threshold: 1,
        queries: [
          query(
            `max by (namespace, name) (externalsecret_status_condition{${selectedNamespaces},condition="Ready",status="False"})`,
            "{{namespace}}/{{name}}",
          ),
        ],
      },
    ],
  },
};
