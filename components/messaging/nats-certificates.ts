import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { authorityCertificate, certManagerObject, shortCertificate } from "../security/certificate";
import { natsHost, natsSecrets, natsServersHost } from "./nats-names";

export interface NatsCertificatesArgs {
  /** Name of NATS' namespace. */
  readonly namespaceName: string;
  /** The namespace, and cert-manager. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Name of the self-signed issuer for the authority. */
const selfSigned = "nats-self-signed";

/** The certificate authority of a namespace's servers. */
export const authoritySpec = (namespace: string) =>
  authorityCertificate({
    commonName: `nats-ca.${namespace}`,
    secretName: natsSecrets.authority,
    issuer: { kind: "Issuer", name: selfSigned },
  });

/**
 * The servers' certificate. They present it to clients and, with mutual TLS, to each other; the chart's reloader has
 * them load a renewed one.
 */
export const serversSpec = (namespace: string) =>
  shortCertificate({
    secretName: natsSecrets.servers,
    dnsNames: [natsHost(namespace), natsServersHost(namespace), `*.${natsServersHost(namespace)}`],
    usages: ["digital signature", "server auth", "client auth"],
    issuer: { kind: "Issuer", name: natsSecrets.authority },
  });

/** A certificate authority for the NATS servers of one namespace, and their certificate. */
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
    return certManagerObject(this, child, { kind, name, namespace, spec, waitsFor });
  }
}
