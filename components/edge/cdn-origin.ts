import type { EdgeSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { secretEntry } from "../security/secret-entry";
import type { Cdn } from "./cdn";
import type { Guarded, Limited } from "./waf-rules";

/** Rate limits of the systems' hosts that a web ACL sees the clients of. */
export const limits = (
  systems: readonly {
    readonly spec: Pick<SystemSpec, "name">;
    readonly settings: Pick<SystemSettings, "hosts" | "rateLimit">;
  }[],
  sees: (host: string) => boolean,
): Limited[] =>
  systems.flatMap(({ spec, settings: { hosts, rateLimit: limit } }) => {
    const seen = Object.values(hosts).filter(sees);
    return limit === undefined || seen.length === 0 ? [] : [{ system: spec.name, hosts: seen, limit }];
  });

/**
 * What the load balancer's web ACL must know of the CDN: which hosts only the CDN may ask for, and the networks that may
 * come by themselves. Without a CDN the load balancer's security group knows those networks.
 */
export function guardedByCdn(
  cdn: Cdn | undefined,
  { cdn: settings, inboundCidrs }: EdgeSettings,
): { readonly guarded?: Guarded; readonly networks: readonly string[] } {
  if (cdn === undefined || settings === undefined) return { networks: [] };
  const { current, next } = cdn.secrets;
  return {
    guarded: {
      hosts: cdn.hosts.flatMap(({ host, originHost }) => [host, originHost]),
      secrets: [current, next],
      action: settings.withoutCdn,
    },
    networks: inboundCidrs,
  };
}

/** System and store of the entry with the CDN's secrets. */
export const originEntry = ["edge", "origin-secret"] as const;

/** Keeps the secrets between CDN and load balancer where people and tools find them, in the region of the environment. */
export function keepOriginSecrets(
  parent: Component,
  key: string,
  {
    secrets,
    context,
    keys,
  }: { readonly secrets: Cdn["secrets"]; readonly context: Context; readonly keys: KeyArns },
): void {
  secretEntry(parent, key, {
    context,
    system: originEntry[0],
    store: originEntry[1],
    keyArn: keys.data,
    values: { ...secrets },
    description: "What the load balancer knows the CDN by: the header x-origin-verify.",
  });
}
