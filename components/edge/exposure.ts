import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { regionalHost } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { ingressName } from "../workload/rollout/names";
import type { Cdn } from "./cdn";
import type { Failover } from "./failover";
import type { LoadBalancer } from "./load-balancer";
import { routeAnnotations, routesOf, routeTo, weightAnnotations, type Releases, type Route } from "./routes";
import { zoneOf } from "./zones";
import { systemLabels } from "../workload/labels";

export interface ExposureArgs {
  readonly system: string;
  readonly namespaceName: string;
  readonly namespace: pulumi.Resource;
  /** Workloads of the namespace. */
  readonly workloads: readonly WorkloadSpec[];
  readonly releases: Releases;
  /**
   * Further Services that the rules need. Pulumi must not wait for them or for pods: a Rollout starts no pods before
   * the Ingress exists.
   */
  readonly services: readonly pulumi.Resource[];
  /** Public host names by the host's key in the system's description. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zones: Readonly<Record<string, string>>;
  readonly loadBalancer: LoadBalancer;
  /** The CDN in front of the load balancer; undefined: none. */
  readonly cdn: Cdn | undefined;
  /** Another region serves the hosts as well; undefined: none does. */
  readonly failover: Failover | undefined;
}

/** Publishes workloads of a namespace: an Ingress on the shared load balancer, and DNS records for its hosts. */
export class Exposure extends Component {
  /** The load balancer's address, known once it exists. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: ExposureArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Exposure", name, opts);
    const routes = routesOf(args.workloads, args.hosts, args.releases);
    const hosts = [...new Set(routes.map(({ host }) => host))];
    const ingress = this.ingress(args, routes, hosts);
    // Pulumi waits for the Ingress's address: Route 53 refuses a record without a value.
    this.address = ingress.status.apply((status) => status?.loadBalancer?.ingress?.[0]?.hostname ?? "");
    for (const host of hosts) this.records(host, args);
    this.registerOutputs();
  }

  /** Records of a host: of the CDN, if there is one, and of the region that serves, if there are two. */
  private records(host: string, args: ExposureArgs): void {
    const { cdn, failover } = args;
    const shared = failover?.hosts[host];
    if (failover !== undefined && shared !== undefined)
      this.record(regionalHost(host, failover.region), this.address, args);
    // Only the first region has the hosts' own records.
    if (failover?.first === false) return;
    const target = shared?.name ?? this.address;
    this.record(host, cdn?.distributions[host]?.domainName ?? target, args);
    for (const { originHost } of this.behindCdn(args, [host])) this.record(originHost, target, args);
  }

  private behindCdn({ cdn }: ExposureArgs, hosts: readonly string[]) {
    return cdn?.hosts.filter(({ host }) => hosts.includes(host)) ?? [];
  }

  /**
   * A CNAME, not an alias, which would need the target's hosted zone id; a host is never the apex of its zone. Adding or
   * removing the CDN only changes the value, so the host always resolves.
   */
  private record(host: string, target: pulumi.Input<string>, { zones }: ExposureArgs): void {
    new aws.route53.Record(
      this.child(host),
      { zoneId: zoneOf(host, zones), name: host, type: "CNAME", ttl: 60, records: [target] },
      this.inside,
    );
  }

  private ingress(
    args: ExposureArgs,
    routes: readonly Route[],
    hosts: readonly string[],
  ): k8s.networking.v1.Ingress {
    const own = regionalRoutes(args, routes, hosts);
    const served = [
      ...hosts,
      ...this.behindCdn(args, hosts).map(({ originHost }) => originHost),
      ...own.map(({ host }) => host),
    ];
    const certificates = served.map((host) => args.certificates[host]);
    const annotations = {
      ...args.loadBalancer.annotations,
      ...routeAnnotations(args.workloads, args.releases),
      "alb.ingress.kubernetes.io/certificate-arn": pulumi.all(certificates).apply((arns) => arns.join(",")),
      // Argo Rollouts and the patch below also own fields here; the program's values win.
      "pulumi.com/patchForce": "true",
    };
    const weights = weightAnnotations(args.workloads, args.releases);
    const weighted = Object.keys(weights).length > 0;
    const ingress = new k8s.networking.v1.Ingress(
      this.child("ingress"),
      {
        metadata: {
          name: ingressName(args.namespaceName),
          namespace: args.namespaceName,
          labels: systemLabels(args.system),
          annotations: { ...annotations, ...weights },
        },
        spec: {
          ingressClassName: args.loadBalancer.className,
          rules: [
            ...hosts.map((host) =>
              rule(
                host,
                routes.filter((route) => route.host === host),
              ),
            ),
            ...own.map((route) => rule(route.host, [route], "Exact")),
          ],
        },
      },
      // EKS deletes the load balancer with its last Ingress, so the class must be deleted after all Ingresses.
      {
        ...this.inside,
        dependsOn: [args.namespace, args.loadBalancer.ingressClass, ...args.services],
        ...(weighted ? { ignoreChanges: ["metadata.annotations"] } : {}),
      },
    );
    if (weighted) this.annotated(args.namespaceName, annotations, ingress);
    return ingress;
  }

  /**
   * Annotations of an Ingress whose weights Argo Rollouts owns, without the weights. When the Ingress changes, the
   * provider sends all annotations, weights included, unless `ignoreChanges` names them; and it can only name the whole
   * map, since the keys contain dots. So this patch updates the other annotations. Source: pulumi-kubernetes,
   * `handleSSAIgnoreFields`.
   */
  private annotated(
    namespace: string,
    annotations: Record<string, pulumi.Input<string>>,
    ingress: k8s.networking.v1.Ingress,
  ): void {
    new k8s.networking.v1.IngressPatch(
      this.child("annotations"),
      { metadata: { name: ingressName(namespace), namespace, annotations } },
      // Deleting the patch keeps the annotations: the load balancer must not lose its certificate before the Ingress is
      // deleted.
      { ...this.inside, dependsOn: [ingress], retainOnDelete: true },
    );
  }
}

/** Names of the region for its health checks: each has one path. */
function regionalRoutes(
  { failover }: ExposureArgs,
  routes: readonly Route[],
  hosts: readonly string[],
): Route[] {
  if (failover === undefined) return [];
  return hosts.flatMap((host) => {
    const path = failover.hosts[host]?.path;
    const route = path === undefined ? undefined : routeTo(routes, host, path);
    return path === undefined || route === undefined
      ? []
      : [{ ...route, host: regionalHost(host, failover.region), path }];
  });
}

const rule = (
  host: string,
  routes: readonly Route[],
  pathType = "Prefix",
): k8s.types.input.networking.v1.IngressRule => ({
  host,
  http: {
    paths: routes.map(({ path, service, port }) => ({
      path,
      pathType,
      backend: {
        service: { name: service, port: typeof port === "number" ? { number: port } : { name: port } },
      },
    })),
  },
});
