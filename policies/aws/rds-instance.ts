import { isGiven } from "../lib/wire";
import type { AwsTypes } from "./types";

export type Instance = AwsTypes["aws:rds/instance:Instance"];
export const instance = "aws:rds/instance:Instance";
export const rdsGuide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** A read replica inherits encryption, backups, snapshots and lifecycle from its source. */
export const isReplica = (db: Instance) => isGiven(db, "replicateSourceDb");

/** RDS requires a key only on a replica in another region. */
export const isRemoteReplica = (db: Instance) => isReplica(db) && isGiven(db, "kmsKeyId");

/** A replica doesn't set its engine; all of ours are PostgreSQL. */
export const isPostgres = (db: Instance) =>
  isReplica(db) || isPromoted(db) || (db.engine ?? "").startsWith("postgres");

/** A replica that was promoted keeps what it had from its source, and doesn't set it. */
export const isPromoted = ({ tags }: { readonly tags?: unknown }) =>
  typeof tags === "object" && tags !== null && "plinth:promoted" in tags;
