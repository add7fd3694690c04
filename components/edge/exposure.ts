import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import { mainPort } from "../workload/ports";
import type { LoadBalancer } from "./load-balancer";
import { zoneOf } from "./zones";

export interface ExposureArgs {
  readonly system: string;
  readonly namespaceName: string;
  readonly namespace: pulumi.Resource;
  /** Workloads of the name space. */
  readonly workloads: readonly WorkloadSpec[];
  /** Public host names by the host's key in the system's description. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zones: Readonly<Record<string, string>>;
  readonly loadBalancer: LoadBalancer;
}

interface Route {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly port: number;
}

/** Public routes of some workloads: the longest path of a host first, as the load balancer tries them in order. */
export function routesOf(
  workloads: readonly WorkloadSpec[],
  hosts: Readonly<Record<string, string>>,
): Route[] {
  const routes = workloads.flatMap((workload) => {
    const main = mainPort(workload);
    if (main === undefined || workload.listen === undefined) return [];
    const { service, facets = {} } = workload.listen;
    return (workload.exposure ?? []).flatMap(({ host: key, paths }) => {
      const host = hosts[key];
      if (host === undefined) return [];
      const route = (path: string, to: string): Route => ({ host, path, service: to, port: main.port });
      return [
        ...Object.entries(facets).map(([path, facet]) => route(path, facet)),
        ...paths.map((path) => route(path, service)),
      ];
    });
  });
  return routes.sort(
    (one, other) =>
      one.host.localeCompare(other.host) ||
      other.path.length - one.path.length ||
      one.path.localeCompare(other.path),
  );
}

/** What of a name space is public: an Ingress on the shared load balancer, and its hosts' DNS records. */
export class Exposure extends Component {
  constructor(name: string, args: ExposureArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Exposure", name, opts);
    const routes = routesOf(args.workloads, args.hosts);
    const hosts = [...new Set(routes.map(({ host }) => host))];
    const ingress = this.ingress(args, routes, hosts);
    // Once it is there, Pulumi has waited for the address; AWS refuses a record without one.
    const address = ingress.status.apply((status) => status?.loadBalancer?.ingress?.[0]?.hostname ?? "");
    for (const host of hosts)
      new aws.route53.Record(
        this.child(host),
        // No alias: that needs the load balancer's own zone, and a host is never the top of a zone.
        { zoneId: zoneOf(host, args.zones), name: host, type: "CNAME", ttl: 60, records: [address] },
        this.inside,
      );
    this.registerOutputs();
  }

  private ingress(
    args: ExposureArgs,
    routes: readonly Route[],
    hosts: readonly string[],
  ): k8s.networking.v1.Ingress {
    const certificates = hosts.map((host) => args.certificates[host]);
    return new k8s.networking.v1.Ingress(
      this.child("ingress"),
      {
        metadata: {
          name: `${args.namespaceName}-ingress`,
          namespace: args.namespaceName,
          labels: { "app.kubernetes.io/part-of": args.system, "app.kubernetes.io/managed-by": "pulumi" },
          annotations: {
            ...args.loadBalancer.annotations,
            "alb.ingress.kubernetes.io/certificate-arn": pulumi
              .all(certificates)
              .apply((arns) => arns.join(",")),
          },
        },
        spec: {
          ingressClassName: args.loadBalancer.className,
          rules: hosts.map((host) => ({
            host,
            http: {
              paths: routes
                .filter((route) => route.host === host)
                .map(({ path, service, port }) => ({
                  path,
                  pathType: "Prefix",
                  backend: { service: { name: service, port: { number: port } } },
                })),
            },
          })),
        },
      },
      // The load balancer goes away with its last Ingress: the class must outlive them all.
      { ...this.inside, dependsOn: [args.namespace, args.loadBalancer.ingressClass] },
    );
  }
}
