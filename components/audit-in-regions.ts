import type * as aws from "@pulumi/aws";
import type { AuditLog, Settings } from "../config";
import { AuditCopies, type AuditCopiesArgs } from "./audit-copies";
import { contextOf } from "./base/context";
import { cdnRegion, type Cdn } from "./edge/cdn";
import type { Region } from "./region/region";
import type { Standby } from "./standby/standby";

export interface RegionsAuditArgs {
  readonly settings: Settings;
  readonly primary: Region;
  readonly cdn: Cdn | undefined;
  /** The provider of us-east-1. */
  readonly global: () => aws.Provider;
  readonly standby: Standby | undefined;
  /** Log groups of each region, by the names of their resources. */
  readonly groups: Readonly<Record<"primary" | "standby", AuditCopiesArgs["groups"]>>;
}

/** Logs that the second region writes: around databases alone, and around a cluster. The first one has the CDN's and OpenSearch's. */
const ofStandby: Readonly<Record<"data" | "cluster", readonly AuditLog[]>> = {
  data: ["databases", "flows", "dns"],
  cluster: ["cluster", "databases", "flows", "dns", "waf", "load-balancer"],
};

/**
 * Copies the logs of both regions and of the CDN to the account's audit bucket, which is in the first region. While the
 * first region is lost, the logs of the second stay in its own bucket; S3 replicates them later.
 */
export function auditInRegions({ settings, primary, cdn, global, standby, groups }: RegionsAuditArgs): void {
  const { audit, account } = settings;
  if (audit === undefined) return;
  const shared = { settings: audit, bucketRegion: account.region };
  new AuditCopies(
    "primary-audit",
    {
      ...shared,
      ...primary,
      context: contextOf(settings),
      logs: audit.logs,
      groups: groups.primary,
      cdnWaf: cdn && { group: cdn.wafLog, place: { region: cdnRegion, provider: global() } },
    },
    { parent: primary },
  );
  if (standby === undefined) return;
  const written = ofStandby[standby.base === undefined ? "data" : "cluster"];
  const logs = audit.logs.filter((log) => written.includes(log));
  if (logs.length > 0)
    new AuditCopies(
      "standby-audit",
      { ...shared, ...standby.logged, logs, groups: groups.standby },
      { parent: standby },
    );
}
