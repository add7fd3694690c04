import type * as k8s from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../config";
import type { Listening, WorkloadSpec } from "../../systems/spec";
import { selector } from "./labels";

/** Seconds a target keeps its open requests when it leaves: the pod drains for as long. */
const deregistrationSeconds = 15;
/** How long a browser stays with one instance where sessions ask for it: a working day, in seconds. */
const stickySeconds = 8 * 60 * 60;

/** Annotations by which the load balancer knows how to treat a public Service's pods. */
export function targetAnnotations(spec: WorkloadSpec, settings: WorkloadSettings): Record<string, string> {
  const path = spec.probes?.readiness.path ?? settings.healthPath;
  const sticky = spec.exposure?.some((exposure) => exposure.sticky === true) ?? false;
  const attributes = [`deregistration_delay.timeout_seconds=${deregistrationSeconds}`];
  if (sticky)
    attributes.push(
      "stickiness.enabled=true",
      "stickiness.type=lb_cookie",
      `stickiness.lb_cookie.duration_seconds=${stickySeconds}`,
    );
  const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;
  return {
    [key("target-type")]: "ip",
    [key("healthcheck-path")]: path ?? "/",
    // Where no health path is known, any answer but a server error says that the process serves.
    [key("success-codes")]: path === undefined ? "200-499" : "200",
    [key("target-group-attributes")]: attributes.join(","),
  };
}

/** Service that leads to a workload's pods, each port under its own number. */
export function serviceSpec(name: string, { ports }: Listening): k8s.types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector: selector(name),
    ports: Object.entries(ports).map(([port, number]) => ({
      name: port,
      protocol: "TCP",
      port: number,
      targetPort: port,
    })),
  };
}
