import { isGiven } from "../lib/wire";
import type { AwsTypes } from "./types";

export type Instance = AwsTypes["aws:rds/instance:Instance"];
export const instance = "aws:rds/instance:Instance";
export const rdsGuide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** A read replica takes encryption, backups, snapshots and the lifecycle from its source. */
export const isReplica = (db: Instance) => isGiven(db, "replicateSourceDb");

/** RDS asks for the target region's key on a replica in another region, and for it there only. */
export const isRemoteReplica = (db: Instance) => isReplica(db) && isGiven(db, "kmsKeyId");

/** A replica doesn't say its engine; ours are all PostgreSQL. */
export const isPostgres = (db: Instance) => isReplica(db) || (db.engine ?? "").startsWith("postgres");
