import * as pulumi from "@pulumi/pulumi";
import type { Driver } from "../../systems/spec";
import type { Composition } from "../base/store";
import { databaseUrl, type Authority } from "./urls";

/** A server that workloads connect to. */
export interface Server {
  readonly host: pulumi.Input<string>;
  readonly authority: Authority;
}

export interface Servers {
  readonly driver: Driver;
  readonly database: string;
  /** Connections that a pod may open to each server, by the workload's name. */
  readonly pools: Readonly<Record<string, number>>;
  /** Server for the owner: the primary, or the proxy in front of it. */
  readonly writer: Server;
  /** The primary itself. The proxy has no login for the reader. */
  readonly primary: pulumi.Input<string>;
  /** Hosts of the read replicas by role; an empty list: the primary serves the role. */
  readonly replicas: Readonly<Record<string, readonly pulumi.Input<string>[]>>;
}

/** The owner's connection string, and the reader's for each role: its replicas, separated by commas. */
export function connectionStrings(servers: Servers): Record<string, Composition> {
  const { driver, database, pools, writer, primary, replicas } = servers;
  const to = (
    hosts: readonly pulumi.Input<string>[],
    authority: Authority,
    login: { readonly user: string; readonly password: string },
    speaks = driver,
  ): Composition => {
    const known = pulumi.all([...hosts]);
    return (property, workload) => {
      const [user, password] = [property(login.user), property(login.password)];
      const common = { driver: speaks, authority, database, user, password, pool: pools[workload] };
      const url = (host: string) => databaseUrl({ ...common, host });
      return known.apply((some) => some.map(url).join(","));
    };
  };
  const owner = { user: "user", password: "password" };
  const strings: Record<string, Composition> = { url: to([writer.host], writer.authority, owner) };
  if (driver === "pg") strings.migrateUrl = to([writer.host], writer.authority, owner, "prisma");
  const reader = { user: "readUser", password: "readPassword" };
  for (const [role, hosts] of Object.entries(replicas))
    strings[`${role}Url`] = to(hosts.length > 0 ? hosts : [primary], "rds", reader);
  return strings;
}
