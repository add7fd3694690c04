import { Days, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { replicaAlarms } from "../data-alarms";
import { cloudMetrics } from "../cloud-metrics";
import { thresholds } from "../thresholds";
import { boundOf, chosen, cloudQuery, query, type Plan } from "./dashboard";

const day = 86_400;

/** What a recovery would have to start from, and what would stop things by itself: certificates and secrets. */
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
        title: "Age of the last job that completed",
        unit: Seconds,
        queries: [
          query(`time() - max by (namespace) (kube_job_status_completion_time{${chosen}})`, "{{namespace}}"),
        ],
        description:
          "Migrations and the backups before them; Kubernetes forgets finished jobs after a while.",
      },
    ],
    Replication: [
      {
        title: "Lag of databases' replicas",
        unit: Seconds,
        threshold: boundOf(replicaAlarms.lag),
        queries: [cloudQuery(cloudMetrics.databaseLag, "Maximum")],
      },
      {
        title: "Lag of caches' copies",
        unit: Seconds,
        queries: [cloudQuery(cloudMetrics.cacheLag, "Maximum")],
      },
    ],
    "What expires": [
      {
        title: "Days that a certificate has left",
        unit: Days,
        threshold: thresholds.certificateDays,
        below: true,
        queries: [
          query(
            `(min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds{${chosen}}) - time()) / ${day}`,
            "{{namespace}}/{{name}}",
          ),
        ],
      },
      {
        title: "Secrets that can't be synchronised",
        unit: Short,
        threshold: 1,
        queries: [
          query(
            `max by (namespace, name) (externalsecret_status_condition{${chosen},condition="Ready",status="False"})`,
            "{{namespace}}/{{name}}",
          ),
        ],
      },
    ],
  },
};
