import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { SignOnSettings } from "../../config";
import type { Component } from "../base/component";
import type { SecretStore } from "../base/external-secret";
import type { LoadBalancer } from "./load-balancer";
import { signOnAnnotations, signOnRights, signOnSecret } from "../cluster/sign-on";
import { zoneOf } from "./zones";

export interface InternalPageArgs {
  /**
   * Namespace of the Service, which has no other page. Its pods must allow ingress from the public subnets on
   * `targetPort`.
   */
  readonly namespace: string;
  /** Service in front of the pods, and its port. */
  readonly service: { readonly name: string; readonly port: number };
  /** Path of the pods' health check, which the load balancer requests without authentication. Default: `/`. */
  readonly healthPath?: string;
  readonly host: string;
  /** Certificate of each host. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  /** Hosted zone ids by domain. */
  readonly zones: Readonly<Record<string, string>>;
  readonly loadBalancer: LoadBalancer;
  readonly signOn: SignOnSettings;
  /** The client's Secret in the namespace, or the store to create it from. */
  readonly client: { readonly secret: pulumi.Resource } | { readonly store: SecretStore };
  /** The namespace and the Service. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * A page for the team behind the shared load balancer: TLS, single sign-on before a request reaches the pods, and a DNS
 * record. The host must be among those of `Certificates`.
 */
export function internalPage(parent: Component, key: string, args: InternalPageArgs): void {
  const { namespace, service, host, loadBalancer, signOn, client, healthPath = "/", waitsFor } = args;
  const secret =
    "secret" in client
      ? client.secret
      : signOnSecret(parent, `${key}-client`, { settings: signOn, store: client.store, namespace, waitsFor });
  const rights = signOnRights(parent, `${key}-rights`, { namespace, waitsFor: [secret] });
  const annotation = (name: string) => `alb.ingress.kubernetes.io/${name}`;
  const ingress = new k8s.networking.v1.Ingress(
    parent.child(key),
    {
      metadata: {
        name: service.name,
        namespace,
        labels: { "app.kubernetes.io/managed-by": "pulumi" },
        annotations: {
          ...loadBalancer.annotations,
          ...signOnAnnotations(signOn),
          [annotation("target-type")]: "ip",
          [annotation("healthcheck-path")]: healthPath,
          [annotation("certificate-arn")]: args.certificates[host] ?? missing(host),
        },
      },
      spec: {
        ingressClassName: loadBalancer.className,
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: service.name, port: { number: service.port } } },
                },
              ],
            },
          },
        ],
      },
    },
    // EKS deletes the load balancer with its last Ingress, so the class must be deleted after them all.
    { ...parent.inside, dependsOn: [rights, loadBalancer.ingressClass, ...waitsFor] },
  );
  // Pulumi waits for the Ingress's address: AWS refuses a record without one.
  const address = ingress.status.apply((status) => status?.loadBalancer?.ingress?.[0]?.hostname ?? "");
  new aws.route53.Record(
    parent.child(key, host),
    { zoneId: zoneOf(host, args.zones), name: host, type: "CNAME", ttl: 60, records: [address] },
    parent.inside,
  );
}

function missing(host: string): never {
  throw new Error(`${host} has no certificate: it must be among the hosts of Certificates`);
}
