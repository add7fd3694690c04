import type { Wire, WireObject } from "../wire";
import type { PlannedResource } from "./json";
import { at, kindOf, type PlanTree, range, text } from "./plan-tree";

/** Stores of a system that the report lists. */
export interface StoreRow {
  store: string;
  kind: string;
  class: string;
  gib: string;
  standby: string;
  replicas: string;
  backup: string;
}

const row = (store: string, kind: string, more: Partial<StoreRow> = {}): StoreRow => ({
  store,
  kind,
  class: "",
  gib: "",
  standby: "",
  replicas: "",
  backup: "",
  ...more,
});

const days = (amount: Wire | undefined): string =>
  text(amount) === "" || amount === 0 ? "none" : `${text(amount)} days`;

/** A store that lives outside the cluster. */
export function storeRow(plan: PlanTree, component: PlannedResource): StoreRow[] {
  const name = plan.ownName(component);
  const held = plan.below(component);
  const inputs = (type: string) =>
    held.filter((resource) => resource.type === type).map((resource) => resource.inputs);
  switch (component.type) {
    case "plinth:data:Postgres":
      return postgresRow(name, inputs("aws:rds/instance:Instance"), inputs("aws:rds/proxy:Proxy").length > 0);
    case "plinth:data:Cache": {
      const [group] = inputs("aws:elasticache/replicationGroup:ReplicationGroup");
      const shards = at(group, "numNodeGroups");
      const nodes = Number(
        at(group, "numCacheClusters") ?? Number(at(group, "replicasPerNodeGroup") ?? 0) + 1,
      );
      return [
        row(name, `${text(at(group, "engine"))} ${text(at(group, "engineVersion"))}`, {
          class: `${text(at(group, "nodeType"))}${shards === undefined ? "" : `, ${text(shards)} shards`}`,
          standby: at(group, "automaticFailoverEnabled") === true ? "yes" : "no",
          replicas: String(nodes - 1),
          backup: days(at(group, "snapshotRetentionLimit")),
        }),
      ];
    }
    case "plinth:storage:Bucket":
      return [row(name, "S3 bucket", bucketBackup(inputs))];
    case "plinth:storage:Files":
      return [
        row(name, "EFS", {
          backup: inputs("aws:efs/backupPolicy:BackupPolicy").length > 0 ? "daily" : "none",
        }),
      ];
    case "plinth:messaging:Queue":
      return [row(name, "SQS queue")];
    case "plinth:messaging:SesMail":
      return [row(name, "SES")];
    default:
      return [];
  }
}

function postgresRow(name: string, instances: readonly WireObject[], proxied: boolean): StoreRow[] {
  const primary = instances.find((instance) => at(instance, "replicateSourceDb") === undefined);
  return [
    row(name, `PostgreSQL ${text(at(primary, "engineVersion"))}${proxied ? " behind RDS Proxy" : ""}`, {
      class: text(at(primary, "instanceClass")),
      gib: range(at(primary, "allocatedStorage"), at(primary, "maxAllocatedStorage")),
      standby: at(primary, "multiAz") === true ? "yes" : "no",
      replicas: String(instances.length - 1),
      backup: days(at(primary, "backupRetentionPeriod")),
    }),
  ];
}

function bucketBackup(inputs: (type: string) => WireObject[]): Partial<StoreRow> {
  const [lock] = inputs("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
  const locked = at(lock, "rule", "defaultRetention", "days");
  return { backup: locked === undefined ? "versions" : `versions, locked ${text(locked)} days` };
}

/** A message broker, which lives in the cluster. */
export function brokerRow(plan: PlanTree, component: PlannedResource): StoreRow[] {
  if (component.type !== "plinth:messaging:Nats") return [];
  const chart = plan.children(component).find((child) => kindOf(child) === "Release");
  const config = at(chart?.inputs, "values", "config");
  const servers =
    at(config, "cluster", "enabled") === true ? Number(at(config, "cluster", "replicas") ?? 1) : 1;
  return [
    row(plan.ownName(component), "NATS JetStream", {
      gib: text(at(config, "jetstream", "fileStore", "pvc", "size")).replace(/Gi$/, ""),
      standby: servers > 1 ? "yes" : "no",
      replicas: String(servers - 1),
    }),
  ];
}
