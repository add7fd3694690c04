import type { Component } from "../base/component";
import { SecretAges } from "../security/secret-ages";
import { agedOriginSecret, agedSecrets } from "../system/secrets/aged";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

/** The report of the secrets' ages, if any of the systems' secrets has a schedule. */
export function regionSecrets(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  { context, settings, keys, alarms }: RegionResources,
): void {
  const all = [
    ...systems.flatMap((system) => agedSecrets(system, context, settings.credentials)),
    ...(settings.edge.cdn === undefined ? [] : [agedOriginSecret(context, settings.credentials)]),
  ].filter(({ days }) => days > 0);
  // Systems may share the entry of an SMTP server.
  const rules = [...new Map(all.map((rule) => [rule.entry, rule])).values()];
  if (rules.length === 0) return;
  new SecretAges(
    parent.child("secret-ages"),
    { context, rules, logsKeyArn: keys.logs, alarmTopicArn: alarms.arn },
    parent.inside,
  );
}
