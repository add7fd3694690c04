import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";

/**
 * Faults of the audit bucket and key, which must be of the environment's account, and of logs that it doesn't write.
 */
export function auditFaults(
  project: string,
  { account, audit, cluster, edge, logs: { store } }: Given,
): Fault[] {
  if (audit === undefined) return [];
  const { bucket, key, logs } = audit;
  const path = `${project}:audit`;
  const [, , , region, id] = (key ?? "").split(":");
  const faults: Fault[] = [];
  if (bucket !== undefined && account.id !== undefined && !bucket.endsWith(`-audit-${account.id}`))
    faults.push({
      path: `${path}.bucket`,
      found: show(bucket),
      expected: `a name that ends with "-audit-${account.id}": the bucket of the foundation in ${project}:account.id`,
      remedy: "take it from `pulumi stack output audit` of that foundation",
    });
  if (key !== undefined && account.id !== undefined && (id !== account.id || region !== account.region))
    faults.push({
      path: `${path}.key`,
      found: show(key),
      expected: `a key of ${project}:account, ${account.id} in ${account.region ?? "its region"}: a bucket is encrypted with a key of its own region`,
      remedy: "take it from `pulumi stack output audit` of that account's foundation",
    });
  if (logs.includes("cdn") && edge.cdn === undefined)
    faults.push({
      path: `${path}.logs`,
      found: "cdn",
      expected: `logs that the environment writes: without ${project}:edge.cdn there is no CDN`,
      remedy: "remove cdn",
    });
  if (logs.includes("search") && store !== "opensearch")
    faults.push({
      path: `${path}.logs`,
      found: "search",
      expected: `logs that the environment writes: ${project}:logs.store isn't opensearch`,
      remedy: "remove search",
    });
  if (logs.includes("cluster") && !cluster.logs.includes("audit"))
    faults.push({
      path: `${path}.logs`,
      found: "cluster",
      expected: `logs that the environment writes: ${project}:cluster.logs is without audit`,
      remedy: `add audit to ${project}:cluster.logs, or remove cluster`,
    });
  return faults;
}
