import type { EdgeSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { secretEntry } from "../security/secret-entry";
import type { Cdn } from "./cdn";
import type { Guarded, Limited } from "./waf-rules";

/** Rate limits for the systems' hosts whose clients' addresses a web ACL sees. */
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
 * How the load balancer's web ACL treats the CDN: the hosts that only the CDN may request, and the networks that may
 * connect directly. Without a CDN the load balancer's security group holds those networks.
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

/** Stores the secrets that CDN and load balancer share in Secrets Manager, in the environment's region. */
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
    description:
      "Values of the header x-origin-verify, which CloudFront sends and the load balancer verifies.",
  });
}
