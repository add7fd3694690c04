import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { ingresses } from "../../standards/objects";
import { tlsPoliciesUrl } from "../lib/tls";
import { ifUnknown, isGiven, plain, shown } from "../lib/wire";
import { backendDrain } from "./backend-drain";
import { backendTls } from "./backend-tls";
import { onObjects } from "./standard";
import { onEachCluster } from "./each-cluster";

const alb = "alb.ingress.kubernetes.io";
const albUrl =
  "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/";
const isIngress = (type: string) => /^kubernetes:networking.k8s.io\/v1:Ingress(Patch)?$/.test(type);

/** Policies for Ingresses and Services. */
export const exposure: Policies = [
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-https",
    description: "Ingresses must serve HTTPS.",
    severity: "critical",
    remediation: `Set the annotation ${alb}/listen-ports to '[{"HTTP": 80}, {"HTTPS": 443}]'.`,
    url: albUrl,
  }),
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-redirects-http",
    description: "Ingresses must redirect HTTP to HTTPS.",
    severity: "high",
    remediation: `Set the annotation ${alb}/ssl-redirect to "443", or listen on HTTPS only.`,
    url: albUrl,
  }),
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-tls-policy",
    description: "Ingresses must accept TLS 1.2 or later only, with forward secrecy.",
    severity: "high",
    remediation: `Set the annotation ${alb}/ssl-policy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer policy.`,
    url: tlsPoliciesUrl,
  }),
  onTypes<KnownTypes["kubernetes:networking.k8s.io/v1:Ingress"]>(
    isIngress,
    {
      name: "k8s-ingress-waf",
      description: "Ingresses must have an AWS WAF web ACL.",
      severity: "high",
      remediation: `Set the annotation ${alb}/wafv2-acl-arn to the ARN of a web ACL.`,
      url: albUrl,
    },
    (ingress, { report }) => {
      const annotations = ingress.metadata?.annotations ?? {};
      const key = `${alb}/wafv2-acl-arn`;
      const attached = isGiven(annotations, key) && ifUnknown(true, () => annotations[key] !== "none");
      if (!attached)
        report(
          `the annotation wafv2-acl-arn is ${shown(annotations[key])}; it must be the ARN of a web ACL.`,
        );
    },
  ),
  onType(
    "kubernetes:networking.k8s.io/v1:Ingress",
    {
      name: "k8s-ingress-sign-on",
      description: "Ingresses that don't belong to a system must require single sign-on.",
      severity: "critical",
      remediation: `Set the annotations ${alb}/auth-type to oidc, auth-idp-oidc, and auth-on-unauthenticated-request to authenticate. If the Ingress belongs to a system, set the label app.kubernetes.io/part-of instead.`,
      url: albUrl,
    },
    ({ metadata }, { report }) => {
      const annotations = metadata?.annotations ?? {};
      const auth = (name: string) => annotations[`${alb}/auth-${name}`];
      const ofSystem = isGiven(metadata?.labels, "app.kubernetes.io/part-of");
      if (ofSystem && auth("type") === undefined) return;
      if (auth("type") !== "oidc")
        report(`the annotation auth-type is ${shown(auth("type"))}; it must be "oidc".`);
      if (!/"issuer":"https:/.test(auth("idp-oidc") ?? ""))
        report("the annotation auth-idp-oidc must have an https issuer.");
      const unknownUsers = auth("on-unauthenticated-request");
      if (unknownUsers !== "authenticate" && unknownUsers !== "deny")
        report(
          `the annotation auth-on-unauthenticated-request is ${shown(unknownUsers)}; it must be "authenticate" or "deny".`,
        );
    },
  ),
  onType(
    "kubernetes:networking.k8s.io/v1:Ingress",
    {
      name: "k8s-ingress-hosts",
      description: "Ingress rules must set a host.",
      severity: "medium",
      remediation:
        "Set host in each rule, and remove spec.defaultBackend. A rule without a host matches all hosts.",
      url: "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    },
    (ingress, { report }) => {
      if (isGiven(ingress.spec, "defaultBackend"))
        report("spec.defaultBackend must be unset: it matches all hosts.");
      const open = (ingress.spec?.rules ?? []).filter((rule) => !isGiven(rule, "host")).length;
      if (open > 0) report(`each rule must set a host; found ${open} without one.`);
    },
  ),
  onEachCluster(
    {
      name: "k8s-ingress-networks-alike",
      description: "Ingresses of the same load balancer must allow the same networks.",
      severity: "critical",
      remediation: `Set the annotation ${alb}/inbound-cidrs to the same value on all of them, or remove it from all.`,
      url: albUrl,
    },
    (resources, report) => {
      const found = resources
        .filter(({ type }) => isIngress(type))
        .map(({ name, urn, props }) => {
          const { metadata } = plain(props) as { metadata?: { annotations?: Record<string, string> } };
          return { name, urn, networks: metadata?.annotations?.[`${alb}/inbound-cidrs`] ?? "all networks" };
        });
      const counts = new Map<string, number>();
      for (const { networks } of found) counts.set(networks, (counts.get(networks) ?? 0) + 1);
      const [[usual] = ["all networks"]] = [...counts].sort(([, a], [, b]) => b - a);
      for (const { name, urn, networks } of found)
        if (networks !== usual)
          report(`${name} allows ${networks}; the other Ingresses allow ${usual}.`, urn);
    },
  ),
  backendTls,
  backendDrain,
  onType(
    "kubernetes:core/v1:Service",
    {
      name: "k8s-service-exposure",
      description: "Services must not be exposed outside the cluster unintentionally.",
      severity: "high",
      remediation:
        "Use the type ClusterIP with an Ingress. For a LoadBalancer, set service.beta.kubernetes.io/aws-load-balancer-scheme to internal or aws-load-balancer-ssl-cert, or give the reason in the annotation plinth/public-exposure.",
      url: "https://kubernetes.io/docs/concepts/services-networking/service/",
    },
    (service, { report }) => {
      const type = service.spec?.type ?? "ClusterIP";
      const annotations = service.metadata?.annotations ?? {};
      if (type === "ClusterIP" || type === "ExternalName") return;
      if (isGiven(annotations, "plinth/public-exposure")) return;
      const aws = "service.beta.kubernetes.io/aws-load-balancer";
      const intended = annotations[`${aws}-scheme`] === "internal" || isGiven(annotations, `${aws}-ssl-cert`);
      if (type === "LoadBalancer" && intended) return;
      report(
        `spec.type is ${type}, but the Service is not internal, doesn't use TLS, and has no annotation plinth/public-exposure.`,
      );
    },
  ),
  onType(
    "kubernetes:core/v1:Service",
    {
      name: "k8s-no-external-ips",
      description: "Services must not set externalIPs (CVE-2020-8554).",
      severity: "high",
      remediation: "Remove spec.externalIPs.",
      url: "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
    },
    (service, { report }) => {
      const count = service.spec?.externalIPs?.length ?? 0;
      if (count > 0) report(`spec.externalIPs must have no entries; found ${count}.`);
    },
  ),
];
