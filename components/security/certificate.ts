import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** Issuer of a certificate: an Issuer in its namespace, or a ClusterIssuer. */
export interface IssuerReference {
  readonly kind: "Issuer" | "ClusterIssuer";
  readonly name: string;
}

const apiVersion = "cert-manager.io/v1";

const days = (count: number) => `${count * 24}h0m0s`;

/** P-256, which every TLS library of the last ten years supports. */
const key = { algorithm: "ECDSA", size: 256 } as const;

const referenceTo = (issuer: IssuerReference) => ({ ...issuer, group: "cert-manager.io" });

/**
 * Spec of a certificate authority: valid for ten years, renewed a year before expiry, **always with the same key**. So
 * a client that trusts the old certificate accepts certificates signed under the new one, and vice versa: a renewal
 * breaks no connection, although pods read the certificate only when they start.
 */
export const authorityCertificate = (args: {
  readonly commonName: string;
  readonly secretName: string;
  readonly issuer: IssuerReference;
}) => ({
  isCA: true,
  commonName: args.commonName,
  secretName: args.secretName,
  duration: days(3650),
  renewBefore: days(365),
  privateKey: { ...key, rotationPolicy: "Never" },
  issuerRef: referenceTo(args.issuer),
});

/** Spec of another certificate: valid for 90 days, renewed with a new key 30 days before expiry. */
export const shortCertificate = (args: {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly usages: readonly string[];
  readonly issuer: IssuerReference;
}) => ({
  secretName: args.secretName,
  dnsNames: [...args.dnsNames],
  usages: [...args.usages],
  duration: days(90),
  renewBefore: days(30),
  privateKey: { ...key, rotationPolicy: "Always" },
  issuerRef: referenceTo(args.issuer),
});

/**
 * An object of cert-manager. Pulumi waits until it is ready. Objects that refer to each other may be created at once:
 * cert-manager waits for what each refers to.
 */
export const certManagerObject = (
  parent: Component,
  childKey: string,
  args: {
    readonly kind: "Certificate" | IssuerReference["kind"];
    readonly name: string;
    /** Undefined for a ClusterIssuer. */
    readonly namespace?: string;
    readonly spec: object;
    /** The namespace, and cert-manager. */
    readonly waitsFor: readonly pulumi.Resource[];
  },
): pulumi.Resource =>
  new k8s.apiextensions.CustomResource(
    parent.child(childKey),
    {
      apiVersion,
      kind: args.kind,
      metadata: {
        name: args.name,
        ...(args.namespace === undefined ? {} : { namespace: args.namespace }),
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: args.spec,
    },
    { ...parent.inside, dependsOn: [...args.waitsFor] },
  );
