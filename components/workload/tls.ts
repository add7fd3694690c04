import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Operators } from "../base/operators";
import type { Authority } from "../base/store";
import { certManagerObject, shortCertificate } from "../security/certificate";
import { pingService, pongService, previewService } from "./rollout/names";

/** The cluster's issuer for the certificates of workloads, and the Secret of its authority in cert-manager's namespace. */
export const serviceIssuer = { kind: "ClusterIssuer", name: "plinth-services" } as const;
export const serviceAuthoritySecret = "services-ca";

/** Directory of the certificate (`tls.crt`) and its key (`tls.key`) in pods that serve TLS. */
const tlsPath = "/etc/plinth/tls";

/**
 * The authority's certificate in a namespace, for pods that call workloads with TLS in any namespace. A Secret can't be
 * mounted from another namespace, so each namespace has its own certificate, which no server uses: pods mount only the
 * authority's certificate, which is in the same Secret.
 */
export const serviceAuthority: Authority = {
  secret: "services-ca",
  key: "ca.crt",
  path: "/etc/plinth/services",
};

/** Makes curl and programs in Go trust that authority. Sources: curl's man page; Go, `crypto/x509`. */
export const serviceAuthorityVariable = {
  name: "SSL_CERT_FILE",
  value: `${serviceAuthority.path}/${serviceAuthority.key}`,
} as const;

/** Whether a workload's ports speak TLS. */
export const servesTls = ({ listen }: Pick<WorkloadSpec, "listen">): boolean => listen?.tls === true;

/** Scheme of a workload's URLs and probes. */
export const schemeOf = (workload: Pick<WorkloadSpec, "listen">): "http" | "https" =>
  servesTls(workload) ? "https" : "http";

/** Name of a workload's Certificate and of its Secret. */
export const tlsSecret = ({ name }: Pick<WorkloadSpec, "name">): string => `${name}-tls`;

/** DNS names of a workload in the cluster: those of its Services, short and fully qualified. */
function tlsNames({ namespace, listen }: Pick<WorkloadSpec, "namespace" | "listen">): string[] {
  if (listen === undefined) return [];
  const { service, additionalServices = {} } = listen;
  const released = [pingService(service), pongService(service), previewService(service)];
  return [service, ...Object.values(additionalServices), ...released].flatMap((name) => [
    `${name}.${namespace}.svc.cluster.local`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}`,
  ]);
}

/** The certificate of a workload that serves TLS, which its pods wait for; none for other workloads. */
export function workloadCertificate(
  parent: Component,
  key: string,
  args: {
    readonly spec: WorkloadSpec;
    readonly namespace: pulumi.Resource;
    readonly operators?: Operators;
  },
): pulumi.Resource[] {
  const { spec, namespace, operators: { serviceIssuer: issuer } = {} } = args;
  if (!servesTls(spec)) return [];
  if (issuer === undefined) throw new Error(`${spec.name} serves TLS, and the cluster has no issuer`);
  return [
    certManagerObject(parent, key, {
      kind: "Certificate",
      name: tlsSecret(spec),
      namespace: spec.namespace,
      spec: shortCertificate({
        secretName: tlsSecret(spec),
        dnsNames: tlsNames(spec),
        usages: ["digital signature", "server auth"],
        issuer: serviceIssuer,
      }),
      waitsFor: [namespace, issuer],
    }),
  ];
}

/** The Secret with the authority's certificate in a namespace. */
export const namespaceAuthority = (
  parent: Component,
  key: string,
  {
    namespace,
    waitsFor,
  }: {
    readonly namespace: string;
    /** The namespace, and the issuer. */
    readonly waitsFor: readonly pulumi.Resource[];
  },
): pulumi.Resource =>
  certManagerObject(parent, key, {
    kind: "Certificate",
    name: serviceAuthority.secret,
    namespace,
    spec: shortCertificate({
      secretName: serviceAuthority.secret,
      dnsNames: [`callers.${namespace}`],
      usages: ["digital signature", "client auth"],
      issuer: serviceIssuer,
    }),
    waitsFor,
  });

/** Volume and mount of the certificate with its key, for pods that serve TLS. */
export const tlsVolume = (spec: Pick<WorkloadSpec, "name">): k8s.types.input.core.v1.Volume => ({
  name: "tls",
  secret: { secretName: tlsSecret(spec) },
});
export const tlsMount: k8s.types.input.core.v1.VolumeMount = {
  name: "tls",
  mountPath: tlsPath,
  readOnly: true,
};
