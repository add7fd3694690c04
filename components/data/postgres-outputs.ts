import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresSettings } from "../../config";
import type { PostgresStore } from "../../systems/spec";
import type { StoreOutputs } from "../base/store";
import { connectionStrings, type Server } from "./connection-strings";
import type { Credentials } from "./credentials";
import type { Proxy } from "./proxy";
import { enginePorts } from "../base/ports";

/** Outputs of a database for the workloads that refer to it. */
export function postgresOutputs({
  spec,
  settings,
  pools,
  credentials,
  primary,
  replicas,
  proxy,
}: {
  readonly spec: PostgresStore;
  readonly settings: PostgresSettings;
  /** Connections that each pod may open to each instance, by the workload's name. */
  readonly pools: Readonly<Record<string, number>>;
  readonly credentials: Credentials;
  readonly primary: aws.rds.Instance;
  /** By role. */
  readonly replicas: Readonly<Record<string, readonly aws.rds.Instance[]>>;
  readonly proxy: Proxy | undefined;
}): StoreOutputs {
  const { user: owner, database, driver } = spec;
  const { application, master } = credentials;
  const writer: Server =
    proxy === undefined
      ? { host: primary.address, authority: "rds" }
      : { host: proxy.endpoint, authority: "amazon" };
  const hosts = Object.fromEntries(
    Object.entries(replicas).map(([role, some]) => [role, some.map(({ address }) => address)]),
  );
  const composed = connectionStrings({
    driver,
    database,
    pools,
    writer,
    primary: primary.address,
    replicas: hosts,
  });
  const server = { host: primary.address, port: enginePorts.postgres, database };
  return {
    plain: { host: writer.host, port: String(enginePorts.postgres), database },
    secret: { ...application, composed },
    ready: [primary, ...Object.values(replicas).flat(), ...(proxy === undefined ? [] : [proxy.ready])],
    destinations: [{ kind: "isolated", ports: [enginePorts.postgres] }],
    grants: [],
    server,
    roles: { ...server, owner, master, version: settings.version },
    recoverable: {
      arn: primary.arn,
      type: "RDS",
      restore: {
        dbSubnetGroupName: primary.dbSubnetGroupName,
        dbParameterGroupName: primary.parameterGroupName,
        vpcSecurityGroupIds: pulumi.jsonStringify(primary.vpcSecurityGroupIds),
      },
    },
    dumpSource: {
      host: Object.values(hosts).flat()[0] ?? primary.address,
      port: enginePorts.postgres,
    },
    verified: true,
  };
}
