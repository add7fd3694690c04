import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { watchLoadBalancer } from "../edge/load-balancer-watch";
import { cloudAlarms, natAlarms, natInstanceAlarms, reputationAlarms } from "../observability/cloud-alarms";
import { certificateAlarms } from "../observability/edge-alarms";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

/**
 * Alarms on what systems share: the load balancer, certificates, NAT, and the account's reputation
 * with SES.
 *
 * @param addresses Addresses of the load balancer, from the Ingresses.
 * @returns The load balancer's alarms.
 */
export function regionAlarms(
  parent: Component,
  systems: readonly ConfiguredSystem[],
  addresses: readonly pulumi.Output<string>[],
  { context, settings, certificates, loadBalancer, network, alarms }: RegionResources,
): Record<string, aws.cloudwatch.MetricAlarm> {
  const alarmTopicArn = alarms.arn;
  const ofLoadBalancer = watchLoadBalancer(parent, "load-balancer", {
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
  for (const [zone, id] of Object.entries(network.natIds))
    cloudAlarms(parent, `nat-${zone}`, natAlarms, {
      label: `${context.prefix}-nat-${zone}`,
      namespace: "AWS/NATGateway",
      dimensions: { NatGatewayId: id },
      alarmTopicArn,
    });
  if (network.natInstanceId !== undefined)
    cloudAlarms(parent, "nat-instance", natInstanceAlarms, {
      label: `${context.prefix}-nat-instance`,
      namespace: "AWS/EC2",
      dimensions: { InstanceId: network.natInstanceId },
      alarmTopicArn,
    });
  const sends = systems.some(({ settings }) =>
    Object.values(settings.stores.mail).some(({ kind }) => kind === "ses"),
  );
  if (sends)
    cloudAlarms(parent, "reputation", reputationAlarms, {
      label: `${context.prefix}-mail`,
      namespace: "AWS/SES",
      dimensions: {},
      alarmTopicArn,
    });
  return ofLoadBalancer;
}
