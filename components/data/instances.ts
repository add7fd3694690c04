import type { PostgresSettings } from "../../config";
import { physicalName } from "../base/naming";

/** RDS identifier of a system's primary. The names of its backups start with it. */
export const primaryIdentifier = (prefix: string, system: string): string =>
  physicalName("databaseInstance", prefix, system);

/** A planned read replica. */
export interface ReplicaPlan {
  readonly role: string;
  readonly index: number;
  readonly instanceClass: string;
  /** Availability zone; undefined: RDS chooses. */
  readonly zone: string | undefined;
}

/**
 * The replicas that a stack file asks for, in the order of the description's roles. A zone depends only on role and
 * index, so another replica moves none.
 */
export const replicaPlans = (
  readRoles: readonly string[],
  { readReplicas }: Pick<PostgresSettings, "readReplicas">,
  zones: readonly string[] = [],
): ReplicaPlan[] =>
  readRoles.flatMap((role, offset) => {
    const wanted = readReplicas[role];
    return Array.from({ length: wanted?.count ?? 0 }, (_, index) => ({
      role,
      index,
      instanceClass: wanted?.class ?? "",
      zone: zones[(offset + index) % zones.length],
    }));
  });
