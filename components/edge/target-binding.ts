import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

export interface TargetBindingArgs {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly service: string;
  /** Name of the Service's port. */
  readonly port: string;
  readonly targetGroupArn: pulumi.Input<string>;
  /** The namespace, and the pods. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * Has EKS Auto Mode register the pods of a Service with a target group that Pulumi manages. The API server refuses
 * another target group for an existing binding, so Pulumi replaces it. Source: AWS Load Balancer Controller,
 * `webhooks/elbv2/targetgroupbinding_validator.go`.
 */
export const targetBinding = (
  parent: Component,
  key: string,
  { metadata, service, port, targetGroupArn, waitsFor }: TargetBindingArgs,
): pulumi.Resource =>
  new k8s.apiextensions.CustomResource(
    parent.child(key),
    {
      apiVersion: "eks.amazonaws.com/v1",
      kind: "TargetGroupBinding",
      metadata,
      spec: {
        serviceRef: { name: service, port },
        targetGroupARN: targetGroupArn,
        targetType: "ip",
      },
    },
    {
      ...parent.inside,
      dependsOn: [...waitsFor],
      replaceOnChanges: ["spec.targetGroupARN"],
      deleteBeforeReplace: true,
    },
  );
