import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Has EKS Auto Mode register the pods behind a Service with a target group that Pulumi made. `name` starts with the
 * parent's.
 *
 * @param target Port of the Service by name, and the group's ARN.
 * @param waitsFor The namespace, and the pods.
 */
export const targetBinding = (
  name: string,
  metadata: { readonly name: string; readonly namespace: string },
  target: { readonly service: string; readonly port: string; readonly targetGroupArn: pulumi.Input<string> },
  waitsFor: readonly pulumi.Resource[],
  opts: { readonly parent: pulumi.Resource },
): pulumi.Resource =>
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "eks.amazonaws.com/v1",
      kind: "TargetGroupBinding",
      metadata,
      spec: {
        serviceRef: { name: target.service, port: target.port },
        targetGroupARN: target.targetGroupArn,
        targetType: "ip",
      },
    },
    { ...opts, dependsOn: [...waitsFor] },
  );
