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

/** External access to the cluster's workloads: only over TLS, and only intentionally. */
export const exposure: Policies = [
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-https",
    description: "Every Ingress is served over HTTPS.",
    severity: "critical",
    remediation: `Annotate it with ${alb}/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'.`,
    url: albUrl,
  }),
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-redirects-http",
    description: "Plain HTTP at an Ingress is answered by a redirect to HTTPS.",
    severity: "high",
    remediation: `Annotate it with ${alb}/ssl-redirect: "443", or listen on HTTPS alone.`,
    url: albUrl,
  }),
  onObjects(isIngress, ingresses, {
    name: "k8s-ingress-tls-policy",
    description: "Every Ingress accepts TLS 1.2 and newer only, with forward-secret ciphers.",
    severity: "high",
    remediation: `Annotate it with ${alb}/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one.`,
    url: tlsPoliciesUrl,
  }),
  onTypes<KnownTypes["kubernetes:networking.k8s.io/v1:Ingress"]>(
    isIngress,
    {
      name: "k8s-ingress-waf",
      description: "Every Ingress has a web ACL.",
      severity: "high",
      remediation: `Annotate it with ${alb}/wafv2-acl-arn.`,
      url: albUrl,
    },
    (ingress, { report }) => {
      const annotations = ingress.metadata?.annotations ?? {};
      const key = `${alb}/wafv2-acl-arn`;
      const attached = isGiven(annotations, key) && ifUnknown(true, () => annotations[key] !== "none");
      if (!attached) report(`wafv2-acl-arn is ${shown(annotations[key])}.`);
    },
  ),
  onType(
    "kubernetes:networking.k8s.io/v1:Ingress",
    {
      name: "k8s-ingress-sign-on",
      description: "A page that belongs to no system is behind single sign-on at the load balancer.",
      severity: "critical",
      remediation: `Annotate it with ${alb}/auth-type: oidc, auth-idp-oidc and auth-on-unauthenticated-request: authenticate; or label it app.kubernetes.io/part-of with its system.`,
      url: albUrl,
    },
    ({ metadata }, { report }) => {
      const annotations = metadata?.annotations ?? {};
      const auth = (name: string) => annotations[`${alb}/auth-${name}`];
      const ofSystem = isGiven(metadata?.labels, "app.kubernetes.io/part-of");
      if (ofSystem && auth("type") === undefined) return;
      if (auth("type") !== "oidc") report(`auth-type is ${shown(auth("type"))}.`);
      if (!/"issuer":"https:/.test(auth("idp-oidc") ?? "")) report("auth-idp-oidc has no issuer over https.");
      const unknownUsers = auth("on-unauthenticated-request");
      if (unknownUsers !== "authenticate" && unknownUsers !== "deny")
        report(`auth-on-unauthenticated-request is ${shown(unknownUsers)}.`);
    },
  ),
  onType(
    "kubernetes:networking.k8s.io/v1:Ingress",
    {
      name: "k8s-ingress-hosts",
      description: "Every rule of an Ingress is for a named host.",
      severity: "medium",
      remediation: "Give each rule its host: a rule without one matches every host name.",
      url: "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    },
    (ingress, { report }) => {
      if (isGiven(ingress.spec, "defaultBackend"))
        report("spec.defaultBackend answers for any host; remove it.");
      const open = (ingress.spec?.rules ?? []).filter((rule) => !isGiven(rule, "host")).length;
      if (open > 0) report(`${open} rules have no host.`);
    },
  ),
  onEachCluster(
    {
      name: "k8s-ingress-networks-alike",
      description: "All Ingresses of a load balancer allow the same networks.",
      severity: "critical",
      remediation: `Annotate all of them with the same ${alb}/inbound-cidrs, or none.`,
      url: albUrl,
    },
    (resources, report) => {
      const found = resources
        .filter(({ type }) => isIngress(type))
        .map(({ name, urn, props }) => {
          const { metadata } = plain(props) as { metadata?: { annotations?: Record<string, string> } };
          return { name, urn, networks: metadata?.annotations?.[`${alb}/inbound-cidrs`] ?? "everyone" };
        });
      const counts = new Map<string, number>();
      for (const { networks } of found) counts.set(networks, (counts.get(networks) ?? 0) + 1);
      const [[usual] = ["everyone"]] = [...counts].sort(([, a], [, b]) => b - a);
      for (const { name, urn, networks } of found)
        if (networks !== usual) report(`${name} allows ${networks}, the others ${usual}.`, urn);
    },
  ),
  backendTls,
  backendDrain,
  onType(
    "kubernetes:core/v1:Service",
    {
      name: "k8s-service-exposure",
      description: "No Service is reachable from outside the cluster by accident.",
      severity: "high",
      remediation:
        "Use ClusterIP behind an Ingress. A load balancer is internal, ends TLS (aws-load-balancer-ssl-cert), or is explained in the annotation plinth/public-exposure.",
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
      report(`type is ${type}, neither internal nor with TLS, and no reason is given.`);
    },
  ),
  onType(
    "kubernetes:core/v1:Service",
    {
      name: "k8s-no-external-ips",
      description: "No Service claims IP addresses of its own choice (CVE-2020-8554).",
      severity: "high",
      remediation: "Remove spec.externalIPs.",
      url: "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
    },
    (service, { report }) => {
      const count = service.spec?.externalIPs?.length ?? 0;
      if (count > 0) report(`spec.externalIPs has ${count} entries; none is allowed.`);
    },
  ),
];
