import { isMap, type Document, type YAMLMap } from "yaml";
import type { Change, Shown } from "./change";
import { stores } from "./documents";

const instance = /^aws:rds\/instance:Instance$/;
const sizes = ["micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge"];

/** The next larger class: `db.t4g.small` for `db.t4g.micro`. */
const larger = (kind: string) => kind.replace(/[^.]+$/, (size) => sizes[sizes.indexOf(size) + 1] ?? "large");

/** The next larger class, and 5 GiB more, for each database of the systems. */
export const largerDatabase: Change = {
  name: "database size",
  updates: instance,
  also: ({ type, op }) => op === "update" && type === "aws:cloudwatch/metricAlarm:MetricAlarm",
  edit: (document) =>
    stores(document).flatMap((store) => {
      const [kind, storage] = [store.get("class"), store.get("storage")];
      if (typeof kind !== "string" || typeof storage !== "number") return [];
      store.set("class", larger(kind));
      store.set("storage", storage + 5);
      return [larger(kind), String(storage + 5)].map((text) => ({ type: instance, text }));
    }),
};

/** A changed number of a stack file, and its effect. */
interface Setting {
  key: string;
  change: (value: number) => number;
  type: RegExp;
  /** The JSON fragment with the new value. */
  text: (value: number) => string;
}

/** By kind of store. EFS only allows certain numbers of days. */
const settings: readonly Setting[] = [
  {
    key: "noncurrentDays",
    change: (days) => days + 1,
    type: /^aws:s3\/bucketLifecycleConfiguration:/,
    text: (days) => `"noncurrentDays":${days}`,
  },
  {
    key: "objectLockDays",
    change: (days) => days + 1,
    type: /^aws:s3\/bucketObjectLockConfiguration:/,
    text: (days) => `"days":${days}`,
  },
  {
    key: "visibilitySeconds",
    change: (seconds) => seconds + 30,
    type: /^aws:sqs\/queue:/,
    text: (seconds) => `"visibilityTimeoutSeconds":${seconds}`,
  },
  {
    key: "maxReceives",
    change: (times) => times + 1,
    type: /^aws:sqs\/redrivePolicy:/,
    text: (times) => `\\"maxReceiveCount\\":${times}`,
  },
];

const parameterGroup = /^aws:rds\/parameterGroup:/;

/** A database's parameters: twice the connections, which needs a restart, also for its proxy. */
function connections(store: YAMLMap): Shown[] {
  const [parameters, pooling] = [store.get("parameters"), store.get("pooling")];
  const most = isMap(parameters) ? parameters.get("max_connections") : undefined;
  if (!isMap(parameters) || typeof most !== "number") return [];
  parameters.set("max_connections", 2 * most);
  const pooled = isMap(pooling) ? pooling.get("connections") : undefined;
  if (isMap(pooling) && typeof pooled === "number") pooling.set("connections", 2 * pooled);
  const text = `{"applyMethod":"pending-reboot","name":"max_connections","value":"${2 * most}"}`;
  return [{ type: parameterGroup, text }];
}

const cache = /^aws:elasticache\/replicationGroup:/;

function largerNodes(store: YAMLMap): Shown[] {
  const kind = store.get("nodeType");
  if (typeof kind !== "string") return [];
  store.set("nodeType", larger(kind));
  return [{ type: cache, text: larger(kind) }];
}

/** The next age for the transition to cold storage. Buckets have it as well, but also noncurrent versions. */
function colderFiles(store: YAMLMap): Shown[] {
  if (!store.has("coldDays") || store.has("noncurrentDays")) return [];
  store.set("coldDays", 180);
  return [{ type: /^aws:efs\/fileSystem:/, text: "AFTER_180_DAYS" }];
}

function numbers(store: YAMLMap): Shown[] {
  return settings.flatMap(({ key, change, type, text }) => {
    const value = store.get(key);
    if (typeof value !== "number") return [];
    store.set(key, change(value));
    return [{ type, text: text(change(value)) }];
  });
}

/** Ten more days between two rotations, if there are any. */
function rarerRotation(document: Document): Shown[] {
  const path = ["config", "plinth:credentials", "rotationDays"];
  const days = document.getIn(path);
  if (typeof days !== "number" || days === 0) return [];
  document.setIn(path, days + 10);
  return [{ type: /^aws:secretsmanager\/secretRotation:/, text: `"automaticallyAfterDays":${days + 10}` }];
}

/** One other setting for each kind of store: each updates the one resource that has it. */
export const otherSettings: Change = {
  name: "store settings",
  updates:
    /^aws:(rds\/parameterGroup|elasticache\/replicationGroup|efs\/fileSystem|sqs\/(queue|redrivePolicy)|s3\/bucket(LifecycleConfiguration|ObjectLockConfiguration)|secretsmanager\/secretRotation):/,
  // The alarm on a database's connections has a threshold relative to the maximum; ages are compared with the rotation.
  also: ({ type, op, urn }) =>
    op === "update" &&
    ((type === "aws:cloudwatch/metricAlarm:MetricAlarm" && urn.endsWith("-connections")) ||
      urn.endsWith("-secret-ages-function")),
  edit: (document) => [
    ...stores(document).flatMap((store) => [
      ...connections(store),
      ...largerNodes(store),
      ...colderFiles(store),
      ...numbers(store),
    ]),
    ...rarerRotation(document),
  ],
};
