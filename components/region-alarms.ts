import type { Component } from "./base/component";
import { certificateAlarms, cloudAlarms, reputationAlarms } from "./observability/cloud-alarms";
import type { ConfiguredSystem, RegionResources } from "./system-in-region";

/** Alarms on what systems share: the public hosts' certificates, and the account's reputation with SES. */
export function regionAlarms(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  { context, certificates, alarms }: RegionResources,
): void {
  const alarmTopicArn = alarms.arn;
  for (const [host, arn] of Object.entries(certificates.arns))
    cloudAlarms(parent, `certificate-${host}`, certificateAlarms, {
      label: `${context.prefix}-${host}`,
      namespace: "AWS/CertificateManager",
      dimensions: { CertificateArn: arn },
      alarmTopicArn,
    });
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
