import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { givenStores, type Given } from "../reading/given";

/** Days that logs of who did what are kept in a protected environment: policy `logs-audit-kept`. */
const auditDays = 30;

/** Days of point-in-time recovery in a protected environment: policy `rds-backup-retention`. */
const backupDays = 7;

/** Values that the policy pack refuses where the environment is protected. Said before anything is planned. */
export function protectedFaults(project: string, file: Given): Fault[] {
  if (file.protect !== true) return [];
  const { cluster, edge, network } = file;
  const fault = (path: string, found: unknown, allowed: string, policy: string): Fault => ({
    path,
    found: show(found),
    expected: `${allowed} where ${project}:protect is true: policy ${policy}`,
  });
  const kept = {
    "network.flowLogDays": network.flowLogDays,
    "cluster.logDays": cluster.logDays,
    "edge.waf.logDays": edge.waf.logDays,
  };
  return [
    ...Object.entries(kept).flatMap(([key, days]) =>
      days !== undefined && days < auditDays
        ? [fault(`${project}:${key}`, days, `${auditDays} days or more`, "logs-audit-kept")]
        : [],
    ),
    ...givenStores(project, file).flatMap(({ path, store }) => [
      ...(store.multiAz === false ? [fault(`${path}.multiAz`, false, "true", "rds-hardened")] : []),
      ...(store.backupDays !== undefined && store.backupDays < backupDays
        ? [
            fault(
              `${path}.backupDays`,
              store.backupDays,
              `${backupDays} days or more`,
              "rds-backup-retention",
            ),
          ]
        : []),
      ...(store.snapshotDays === 0
        ? [fault(`${path}.snapshotDays`, 0, "1 day or more", "elasticache-snapshots")]
        : []),
      ...(store.servers === 1 && Object.keys(store.streams).length > 0
        ? [fault(`${path}.servers`, 1, "3 or 5 servers", "nats-streams-kept")]
        : []),
    ]),
  ];
}
