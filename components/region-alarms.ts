import type { Component } from "./base/component";
import { certificateAlarms, cloudAlarms, natAlarms, reputationAlarms } from "./observability/cloud-alarms";
import { databaseEvents, eventAlarm } from "./observability/event-alarm";
import type { ConfiguredSystem, RegionResources } from "./system-in-region";

/** Alarms on what systems share: certificates, NAT, databases' events, and the account's reputation with SES. */
export function regionAlarms(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  { context, certificates, network, alarms }: RegionResources,
): void {
  const alarmTopicArn = alarms.arn;
  for (const [host, arn] of Object.entries(certificates.arns))
    cloudAlarms(parent, `certificate-${host}`, certificateAlarms, {
      label: `${context.prefix}-${host}`,
      namespace: "AWS/CertificateManager",
      dimensions: { CertificateArn: arn },
      alarmTopicArn,
    });
  for (const [zone, id] of Object.entries(network.natIds))
    cloudAlarms(parent, `nat-${zone}`, natAlarms, {
      label: `${context.prefix}-nat-${zone}`,
      namespace: "AWS/NATGateway",
      dimensions: { NatGatewayId: id },
      alarmTopicArn,
    });
  eventAlarm(parent, "database-events", { ...databaseEvents(context.prefix), alarmTopicArn });
  const sends = systems.some(({ settings }) =>
    Object.values(settings.stores.mail).some(({ kind }) => kind === "ses"),
  );
  if (!sends) return;
  cloudAlarms(parent, "reputation", reputationAlarms, {
    label: `${context.prefix}-mail`,
    namespace: "AWS/SES",
    dimensions: {},
    alarmTopicArn,
  });
}
