import { ifUnknown, isGiven, isLater } from "../lib/wire";
import type { AwsTypes } from "./types";

export type Instance = AwsTypes["aws:rds/instance:Instance"];
export const instance = "aws:rds/instance:Instance";
export const rdsGuide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** A read replica inherits encryption, backups, snapshots and lifecycle from its source. */
export const isReplica = (db: Instance) => isGiven(db, "replicateSourceDb");

/** A replica in another region refers to its source by ARN, which is known after `up`. It inherits no key and no groups. */
export const isRemoteReplica = (db: Instance) =>
  isReplica(db) &&
  ifUnknown(true, () => isLater(db.replicateSourceDb) || String(db.replicateSourceDb).startsWith("arn:"));

/** A replica doesn't set its engine. All replicas of the stacks are PostgreSQL. */
export const isPostgres = (db: Instance) =>
  isReplica(db) || isPromoted(db) || (db.engine ?? "").startsWith("postgres");

/** A promoted replica keeps the settings of its source, and doesn't set them itself. */
export const isPromoted = ({ tags }: { readonly tags?: unknown }) =>
  typeof tags === "object" && tags !== null && "plinth:promoted" in tags;
