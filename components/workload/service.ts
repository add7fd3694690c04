import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseSettings, WorkloadSettings } from "../../config";
import type { Listening, WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Operators } from "../base/operators";
import { deregistrationSeconds } from "./drain";
import { selector, type Metadata } from "./labels";
import { portsOf } from "./ports";
import { servesTls } from "./tls";

/** Duration of sticky sessions: a working day, in seconds. */
const stickySeconds = 8 * 60 * 60;

/**
 * Seconds in which the load balancer raises a new pod's share of requests to a full one: time to fill caches and
 * connection pools. ELB's minimum; it excludes the algorithm `least_outstanding_requests`. Source: ELB user guide, slow
 * start mode.
 */
const slowStartSeconds = 30;

/** Annotations with the load balancer's settings for the targets of a Service; none if it isn't public. */
export function targetAnnotations(spec: WorkloadSpec, settings: WorkloadSettings): Record<string, string> {
  if (spec.exposure === undefined) return {};
  const path = spec.probes?.readiness.path ?? settings.healthPath;
  const sticky = spec.exposure.some((exposure) => exposure.sticky === true);
  const attributes = [
    `deregistration_delay.timeout_seconds=${deregistrationSeconds}`,
    `slow_start.duration_seconds=${slowStartSeconds}`,
  ];
  if (sticky)
    attributes.push(
      "stickiness.enabled=true",
      "stickiness.type=lb_cookie",
      `stickiness.lb_cookie.duration_seconds=${stickySeconds}`,
    );
  const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;
  return {
    [key("target-type")]: "ip",
    // The load balancer accepts any certificate: TLS encrypts the connection, and network policies decide which pods it
    // reaches.
    ...(servesTls(spec)
      ? { [key("backend-protocol")]: "HTTPS", [key("healthcheck-protocol")]: "HTTPS" }
      : {}),
    [key("healthcheck-path")]: path ?? "/",
    // Without a health path, any response but a server error counts as healthy.
    [key("success-codes")]: path === undefined ? "200-499" : "200",
    [key("target-group-attributes")]: attributes.join(","),
  };
}

/** Whether a Rollout points the workload's own Service at one of two versions. */
const isManaged = ({ exposure }: WorkloadSpec, { strategy }: ReleaseSettings): boolean =>
  strategy === "blue-green" || (strategy === "canary" && exposure !== undefined);

/**
 * Options of a Service that a Rollout points at one of two versions: the controller adds the version's hash to the
 * selector, which is one atomic value for the API server, so applying ours would be a conflict. It never changes
 * anyway. Source: argo-rollouts, `rollout/service.go`; Kubernetes, `ServiceSpec.selector` is an atomic map.
 */
export const managedService: pulumi.CustomResourceOptions = { ignoreChanges: ["spec.selector"] };

/**
 * Annotations of a Service that a former Rollout may have pointed at a version. They force our values: otherwise an
 * update that removes the Rollout would fail with a conflict.
 */
const adopted = (operators: Operators = {}): Record<string, string> =>
  operators.argoRollouts === undefined ? {} : { "pulumi.com/patchForce": "true" };

/**
 * Service of a workload's pods. Its port numbers are those of the pods.
 *
 * @param labels Further labels of its selector. Default: none.
 */
export function serviceSpec(
  name: string,
  listen: Listening,
  labels: Readonly<Record<string, string>> = {},
): k8s.types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector: { ...selector(name), ...labels },
    ports: portsOf(listen).map(({ name: port, port: number, protocol }) => ({
      name: port,
      protocol,
      port: number,
      targetPort: port,
    })),
  };
}

/** Services of a workload: its own, and the additional names that its callers use. */
export function services(
  parent: Component,
  {
    spec,
    settings,
    release,
    metadata,
    operators,
    namespace,
  }: {
    readonly spec: WorkloadSpec;
    readonly settings: WorkloadSettings;
    readonly release: ReleaseSettings;
    readonly metadata: Omit<Metadata, "name">;
    readonly operators?: Operators;
    readonly namespace: pulumi.Resource;
  },
): void {
  const { listen } = spec;
  if (listen === undefined) return;
  const annotations = {
    ...targetAnnotations(spec, settings),
    ...adopted(operators),
    // Its pods wait for databases and gates, longer than Pulumi waits for a Service. Dependents wait for the pods.
    "pulumi.com/skipAwait": "true",
  };
  const service = (key: string, name: string, more: pulumi.CustomResourceOptions = {}) =>
    new k8s.core.v1.Service(
      key,
      { metadata: { ...metadata, name, annotations }, spec: serviceSpec(spec.name, listen) },
      { ...parent.inside, dependsOn: [namespace], ...more },
    );
  service(parent.child("service"), listen.service, isManaged(spec, release) ? managedService : {});
  for (const extra of Object.values(listen.additionalServices ?? {}))
    service(parent.child("service", extra), extra);
}
