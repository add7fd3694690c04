import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../base/component";
import { authorityCertificate, certManagerObject } from "../../security/certificate";
import { serviceAuthoritySecret, serviceIssuer as issuer } from "../../workload/tls";
import { certManager } from "./cert-manager";

/** Name of the self-signed issuer for the authority. */
const selfSigned = "services-self-signed";

/**
 * The certificate authority of the cluster's workloads that serve TLS, and the ClusterIssuer that signs with it. A
 * ClusterIssuer reads its Secret in cert-manager's own namespace, where no workload reads it. Source: cert-manager
 * documentation, cluster resource namespace.
 *
 * @param operator The resource after which cert-manager's kinds may be used.
 */
export function serviceIssuer(
  parent: Component,
  key: string,
  operator: pulumi.Resource | undefined,
): pulumi.Resource {
  const common = { namespace: certManager, waitsFor: operator === undefined ? [] : [operator] };
  certManagerObject(parent, `${key}-self-signed`, {
    ...common,
    kind: "Issuer",
    name: selfSigned,
    spec: { selfSigned: {} },
  });
  certManagerObject(parent, `${key}-authority`, {
    ...common,
    kind: "Certificate",
    name: serviceAuthoritySecret,
    spec: authorityCertificate({
      commonName: issuer.name,
      secretName: serviceAuthoritySecret,
      issuer: { kind: "Issuer", name: selfSigned },
    }),
  });
  return certManagerObject(parent, `${key}-issuer`, {
    kind: issuer.kind,
    name: issuer.name,
    spec: { ca: { secretName: serviceAuthoritySecret } },
    waitsFor: common.waitsFor,
  });
}
