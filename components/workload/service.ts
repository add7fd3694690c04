import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseSettings, WorkloadSettings } from "../../config";
import type { Listening, WorkloadSpec } from "../../systems/spec";
import type { Operators } from "../base/operators";
import { deregistrationSeconds } from "./drain";
import { selector } from "./labels";
import { portsOf } from "./ports";
import { servesTls } from "./tls";

/** Duration of sticky sessions: a working day, in seconds. */
const stickySeconds = 8 * 60 * 60;

/**
 * Seconds in which the load balancer raises a new pod's share of requests to a full one: time to fill caches and
 * connection pools. The least that ELB takes; it excludes the algorithm `least_outstanding_requests`. Source: ELB user
 * guide, slow start mode.
 */
const slowStartSeconds = 30;

/** Annotations with the load balancer's settings for a public Service's targets. */
export function targetAnnotations(spec: WorkloadSpec, settings: WorkloadSettings): Record<string, string> {
  const path = spec.probes?.readiness.path ?? settings.healthPath;
  const sticky = spec.exposure?.some((exposure) => exposure.sticky === true) ?? false;
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
    // The load balancer accepts any certificate: TLS encrypts this way, and network policies decide who may come.
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
export const isManaged = ({ exposure }: WorkloadSpec, { strategy }: ReleaseSettings): boolean =>
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
export const adopted = (operators: Operators = {}): Record<string, string> =>
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
