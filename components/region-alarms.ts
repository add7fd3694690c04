import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./base/component";
import { watchLoadBalancer } from "./edge/load-balancer-watch";
import { certificateAlarms, cloudAlarms, reputationAlarms } from "./observability/cloud-alarms";
import type { ConfiguredSystem, RegionResources } from "./system-in-region";

/**
 * Alarms on what systems share: the load balancer, the public hosts' certificates, and the account's reputation with SES.
 *
 * @param addresses The load balancer's, as the Ingresses have them.
 */
export function regionAlarms(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  addresses: readonly pulumi.Output<string>[],
  { context, settings, certificates, loadBalancer, alarms }: RegionResources,
): void {
  const alarmTopicArn = alarms.arn;
  watchLoadBalancer(parent, "load-balancer", {
    context,
    name: loadBalancer.name,
    addresses,
    alarmTopicArn,
    shielded: settings.edge.shieldAdvanced,
  });
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
