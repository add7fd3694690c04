import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSettings } from "../../config";
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
  /** Name of a role's replica as a resource. */
  readonly child: (role: string, index: number) => string;
}

/** A read replica. It takes engine, user, password, database, subnets and key from its source, and refuses to be told. */
function replica(
  { role, index, instanceClass, zone }: ReplicaPlan,
  { context, system, settings, shared, primary, logs, child }: ReplicasArgs,
  opts: { readonly parent: pulumi.Resource },
): aws.rds.Instance {
  const { protect, prefix } = context;
  const name = child(role, index);
  const identifier = physicalName("databaseInstance", prefix, system, role, String(index));
  return new aws.rds.Instance(
    name,
    {
      ...shared,
      identifier,
      instanceClass,
      availabilityZone: zone,
      replicateSourceDb: primary.identifier,
      maintenanceWindow: settings.windows.replicaMaintenance,
      skipFinalSnapshot: true,
    },
    { ...opts, protect, dependsOn: engineLogGroups(name, identifier, logs, opts) },
  );
}

/** Read replicas by role. A role without any is there too: the primary serves it. */
export const readReplicas = (
  roles: readonly string[],
  plans: readonly ReplicaPlan[],
  args: ReplicasArgs,
  opts: { readonly parent: pulumi.Resource },
): Record<string, aws.rds.Instance[]> =>
  Object.fromEntries(
    roles.map((role) => [
      role,
      plans.filter((plan) => plan.role === role).map((plan) => replica(plan, args, opts)),
    ]),
  );
