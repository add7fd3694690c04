import type * as aws from "@pulumi/aws";
import type { PostgresStore } from "../../systems/spec";
import { enginePorts } from "../base/ports";
import type { StoreOutputs } from "../base/store";
import { connectionStrings } from "./connection-strings";

/**
 * Outputs of a database in the second region for the workloads there. Its logins are those of the first region: the
 * database replicates the roles, Secrets Manager their passwords. They stay valid when it is promoted, and its address
 * stays the same.
 */
export function standbyOutputs({
  spec,
  pools,
  instance,
  secret,
}: {
  readonly spec: PostgresStore;
  /** Connections that each pod may open, by the workload's name. */
  readonly pools: Readonly<Record<string, number>>;
  readonly instance: aws.rds.Instance;
  /** Entry of the logins, as in the first region. */
  readonly secret: NonNullable<StoreOutputs["secret"]>;
}): StoreOutputs {
  const { driver, database, readRoles } = spec;
  const [host, port] = [instance.address, enginePorts.postgres];
  const composed = connectionStrings({
    driver,
    database,
    pools,
    writer: { host, authority: "rds" },
    primary: host,
    // One instance serves all roles.
    replicas: Object.fromEntries(readRoles.map((role) => [role, []])),
  });
  return {
    plain: { host, port: String(port), database },
    secret: { ...secret, composed },
    ready: [instance],
    destinations: [{ kind: "isolated", ports: [port] }],
    grants: [],
    server: { host, port, database },
    dumpSource: { host, port },
    verified: true,
  };
}
