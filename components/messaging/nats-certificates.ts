import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { natsHost, natsSecrets, natsServersHost } from "./nats-names";

export interface NatsCertificatesArgs {
  /** Name of NATS' namespace. */
  readonly namespaceName: string;
  /** The namespace, and cert-manager. */
  readonly waitsFor: readonly pulumi.Resource[];
}

const apiVersion = "cert-manager.io/v1";

const days = (count: number) => `${count * 24}h0m0s`;

/** P-256, which every TLS library of the last ten years supports. */
const key = { algorithm: "ECDSA", size: 256 } as const;

/**
 * The certificate authority: valid for ten years, renewed a year before expiry, **always with the same key**. So a
 * client that trusts the old certificate accepts certificates signed under the new one, and vice versa: a renewal
 * breaks no connection, although pods read the certificate only when they start.
 */
export const authoritySpec = (namespace: string) => ({
  isCA: true,
  commonName: `nats-ca.${namespace}`,
  secretName: natsSecrets.authority,
  duration: days(3650),
  renewBefore: days(365),
  privateKey: { ...key, rotationPolicy: "Never" },
  issuerRef: issuer(selfSigned),
});

/**
 * The servers' certificate: valid for 90 days, renewed with a new key 30 days before expiry; the reloader has the
 * servers reload it. They present it to clients and, with mutual TLS, to each other.
 */
export const serversSpec = (namespace: string) => ({
  secretName: natsSecrets.servers,
  dnsNames: [natsHost(namespace), natsServersHost(namespace), `*.${natsServersHost(namespace)}`],
  usages: ["digital signature", "server auth", "client auth"],
  duration: days(90),
  renewBefore: days(30),
  privateKey: { ...key, rotationPolicy: "Always" },
  issuerRef: issuer(natsSecrets.authority),
});

/** Name of the self-signed issuer for the authority. */
const selfSigned = "nats-self-signed";

function issuer(name: string) {
  return { name, kind: "Issuer", group: "cert-manager.io" };
}

/**
 * A certificate authority for the NATS servers of one namespace, and their certificate.
 *
 * All are created at once: cert-manager waits for the objects that each refers to.
 */
export class NatsCertificates extends Component {
  /** Known once the servers' certificate exists. */
  readonly ready: pulumi.Resource;

  constructor(
    name: string,
    private readonly args: NatsCertificatesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:NatsCertificates", name, opts);
    const { namespaceName } = args;
    this.object("self-signed", "Issuer", selfSigned, { selfSigned: {} });
    this.object("authority", "Certificate", natsSecrets.authority, authoritySpec(namespaceName));
    this.object("issuer", "Issuer", natsSecrets.authority, { ca: { secretName: natsSecrets.authority } });
    this.ready = this.object("servers", "Certificate", natsSecrets.servers, serversSpec(namespaceName));
    this.registerOutputs();
  }

  private object(child: string, kind: "Issuer" | "Certificate", name: string, spec: object): pulumi.Resource {
    const { namespaceName: namespace, waitsFor } = this.args;
    return new k8s.apiextensions.CustomResource(
      this.child(child),
      {
        apiVersion,
        kind,
        metadata: { name, namespace, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec,
      },
      { ...this.inside, dependsOn: [...waitsFor] },
    );
  }
}
