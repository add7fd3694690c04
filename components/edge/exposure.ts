import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import { ingressName } from "../workload/release-names";
import type { LoadBalancer } from "./load-balancer";
import { routeAnnotations, routesOf, type Releases, type Route } from "./routes";
import { zoneOf } from "./zones";

export interface ExposureArgs {
  readonly system: string;
  readonly namespaceName: string;
  readonly namespace: pulumi.Resource;
  /** Workloads of the name space. */
  readonly workloads: readonly WorkloadSpec[];
  readonly releases: Releases;
  /**
   * Services that rules need besides the workloads' own. None that Pulumi awaits, nor any pods: a Rollout starts none
   * before it has found the Ingress.
   */
  readonly services: readonly pulumi.Resource[];
  /** Public host names by the host's key in the system's description. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zones: Readonly<Record<string, string>>;
  readonly loadBalancer: LoadBalancer;
}

/** What of a name space is public: an Ingress on the shared load balancer, and its hosts' DNS records. */
export class Exposure extends Component {
  constructor(name: string, args: ExposureArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Exposure", name, opts);
    const routes = routesOf(args.workloads, args.hosts, args.releases);
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
          name: ingressName(args.namespaceName),
          namespace: args.namespaceName,
          labels: { "app.kubernetes.io/part-of": args.system, "app.kubernetes.io/managed-by": "pulumi" },
          annotations: {
            ...args.loadBalancer.annotations,
            ...routeAnnotations(args.workloads, args.releases),
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
                  backend: {
                    service: {
                      name: service,
                      port: typeof port === "number" ? { number: port } : { name: port },
                    },
                  },
                })),
            },
          })),
        },
      },
      // The load balancer goes away with its last Ingress: the class must outlive them all.
      { ...this.inside, dependsOn: [args.namespace, args.loadBalancer.ingressClass, ...args.services] },
    );
  }
}
