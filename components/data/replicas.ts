import * as aws from "@pulumi/aws";
import type { PostgresSettings } from "../../config";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { ReplicaPlan } from "./instances";
import { engineLogGroups, type EngineLogs } from "./log-groups";
import type { SharedSettings } from "./shared-settings";

export interface ReplicasArgs {
  readonly context: Context;
  readonly system: string;
  readonly settings: PostgresSettings;
  readonly shared: SharedSettings;
  readonly primary: aws.rds.Instance;
  readonly logs: EngineLogs;
}

/** RDS identifier of a read replica. */
export const replicaIdentifier = (prefix: string, system: string, role: string, index: number): string =>
  physicalName("databaseInstance", prefix, system, role, String(index));

/**
 * A read replica. It inherits engine, user, password, database, subnets and key from its source; RDS refuses values for
 * them.
 */
function replica(
  parent: Component,
  { role, index, instanceClass, zone }: ReplicaPlan,
  { context, system, settings, shared, primary, logs }: ReplicasArgs,
): aws.rds.Instance {
  const { protect, prefix } = context;
  const identifier = replicaIdentifier(prefix, system, role, index);
  return new aws.rds.Instance(
    parent.child(role, index),
    {
      ...shared,
      identifier,
      instanceClass,
      availabilityZone: zone,
      replicateSourceDb: primary.identifier,
      maintenanceWindow: settings.windows.replicaMaintenance,
      skipFinalSnapshot: true,
    },
    {
      ...parent.inside,
      protect,
      dependsOn: engineLogGroups(parent, `${role}-${index}`, { ...logs, identifier }),
    },
  );
}

/** Read replicas by role. Includes roles without replicas, which the primary serves. */
export const readReplicas = (
  parent: Component,
  roles: readonly string[],
  plans: readonly ReplicaPlan[],
  args: ReplicasArgs,
): Record<string, aws.rds.Instance[]> =>
  Object.fromEntries(
    roles.map((role) => [
      role,
      plans.filter((plan) => plan.role === role).map((plan) => replica(parent, plan, args)),
    ]),
  );
