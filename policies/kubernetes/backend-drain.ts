import { onEachCluster } from "./each-cluster";
import { plain } from "../lib/wire";
import { podTemplate, runsOn, type PodOwner } from "./pods";

const alb = "alb.ingress.kubernetes.io";
const label = "app.kubernetes.io/name";

/** ELB's and Kubernetes' defaults, in seconds. Sources: ELB user guide, deregistration delay; Kubernetes, PodSpec. */
const defaults = { deregistration: 300, grace: 30 } as const;

interface Service {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** Requires that the load balancer drains a target before Kubernetes kills its pod. */
export const backendDrain = onEachCluster(
  {
    name: "k8s-targets-drained",
    description: "Pods must not be killed before the load balancer has drained their targets.",
    severity: "medium",
    remediation: `In the Service's annotation ${alb}/target-group-attributes, set deregistration_delay.timeout_seconds to at most terminationGracePeriodSeconds minus the preStop sleep.`,
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay",
  },
  (resources, report) => {
    const owners = resources
      .filter(({ type }) => runsOn(type))
      .map(({ type, props }) => {
        const owner = plain(props) as PodOwner;
        return { namespace: owner.metadata?.namespace, template: podTemplate(type, owner) };
      });
    for (const { type, urn, props } of resources) {
      if (type !== "kubernetes:core/v1:Service") continue;
      const { metadata: { name = "", namespace, annotations = {} } = {}, spec } = plain(props) as Service;
      if (annotations[`${alb}/target-type`] === undefined) continue;
      const attributes = annotations[`${alb}/target-group-attributes`] ?? "";
      const [, set] = /deregistration_delay\.timeout_seconds=(\d+)/.exec(attributes) ?? [];
      const delay = set === undefined ? defaults.deregistration : Number(set);
      for (const { namespace: of, template } of owners) {
        if (of !== namespace || template?.metadata?.labels?.[label] !== spec?.selector?.[label]) continue;
        const { terminationGracePeriodSeconds: grace = defaults.grace, containers = [] } =
          template?.spec ?? {};
        const sleep = containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
        if (sleep + delay > grace)
          report(
            `targets of ${name} in ${namespace ?? "default"} drain for ${delay} seconds after a preStop sleep of ${sleep} seconds, but their pods are killed after ${grace} seconds.`,
            urn,
          );
      }
    }
  },
);
