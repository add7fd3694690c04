import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { between, given, is, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";
import { isModernTlsPolicy, modernTlsPolicies, tlsPoliciesUrl } from "../lib/tls";
import { each, isGiven, shown } from "../lib/wire";

type Listener = KnownTypes["aws:lb/listener:Listener"];
const isListener = (type: string) =>
  type === "aws:lb/listener:Listener" || type === "aws:alb/listener:Listener";
const elbGuide = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";
const cdnGuide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";
const cdn = "aws:cloudfront/distribution:Distribution";
const modernCdn = /^TLSv1\.(2_20(19|2\d)|3_20\d\d)$/;

/** Load balancers, and TLS of CloudFront. */
export const edge: Policies = [
  onTypes<Listener>(
    isListener,
    {
      name: "elb-http-redirects",
      description: "HTTP listeners must redirect all requests to HTTPS.",
      severity: "critical",
      remediation: "Set every default action to the type redirect with redirect.protocol HTTPS.",
      url: `${elbGuide}/create-http-listener.html`,
    },
    (listener, { report }) => {
      if (listener.protocol !== "HTTP") return;
      if (!listener.defaultActions?.length) report("defaultActions is empty; it must redirect to HTTPS.");
      each(listener.defaultActions, ({ type, redirect }) => {
        if (type === "redirect" && redirect?.protocol === "HTTPS") return;
        report(
          `the type of a default action is ${shown(type)} and redirect.protocol is ${shown(redirect?.protocol)}; it must redirect to HTTPS.`,
        );
      });
    },
  ),
  onTypes<Listener>(
    isListener,
    {
      name: "elb-tls-policy",
      description: "TLS listeners must accept TLS 1.2 or later only, with forward secrecy.",
      severity: "high",
      remediation: "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer policy.",
      url: tlsPoliciesUrl,
    },
    (listener, { report }) => {
      const secure = listener.protocol === "HTTPS" || listener.protocol === "TLS";
      if (secure && !isModernTlsPolicy(listener.sslPolicy)) {
        report(`sslPolicy is ${shown(listener.sslPolicy)}; it must be ${modernTlsPolicies}.`);
      }
    },
  ),
  onTypes<Listener>(
    isListener,
    {
      name: "elb-listener-protocol",
      description: "Load balancer listeners must set a protocol, and HTTPS and TLS listeners a certificate.",
      severity: "medium",
      remediation: "Set protocol. For HTTPS and TLS, also set certificateArn.",
      url: `${elbGuide}/load-balancer-listeners.html`,
    },
    (listener, { report }) => {
      if (!isGiven(listener, "protocol")) return report("protocol must be set.");
      const secure = listener.protocol === "HTTPS" || listener.protocol === "TLS";
      if (secure && !isGiven(listener, "certificateArn")) report("certificateArn must be set.");
    },
  ),
  onType(
    "aws:lb/loadBalancer:LoadBalancer",
    {
      name: "elb-drops-invalid-headers",
      description: "Application Load Balancers must drop invalid HTTP headers.",
      severity: "medium",
      remediation: "Set dropInvalidHeaderFields to true.",
      url: `${elbGuide}/application-load-balancers.html`,
    },
    (balancer, { report }) => {
      const layer7 = (balancer.loadBalancerType ?? "application") === "application";
      if (layer7 && balancer.dropInvalidHeaderFields !== true) {
        report(`dropInvalidHeaderFields is ${shown(balancer.dropInvalidHeaderFields)}; it must be true.`);
      }
    },
  ),
  onType(
    "aws:lb/loadBalancer:LoadBalancer",
    {
      name: "elb-deletion-protection",
      description: "Deletion protection of load balancers must match the resource option `protect`.",
      severity: "medium",
      remediation: "Set enableDeletionProtection and the resource option `protect` to the same value.",
      url: `${elbGuide}/application-load-balancers.html`,
    },
    (balancer, { args, report }) => {
      const guarded = balancer.enableDeletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(
          `enableDeletionProtection is ${guarded} and the option protect is ${args.opts.protect}; they must be equal.`,
        );
      }
    },
  ),
  must(
    ["aws:lb/loadBalancer:LoadBalancer"],
    {
      name: "elb-access-logs",
      description:
        "Load balancers must write access logs and have a security group, and Network Load Balancers must enable cross-zone load balancing.",
      severity: "medium",
      remediation:
        "Set accessLogs.enabled to true with accessLogs.bucket, and securityGroups. For a Network Load Balancer, also set enableCrossZoneLoadBalancing to true.",
      url: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html",
    },
    [
      ["accessLogs.enabled", is(true)],
      ["accessLogs.bucket", given],
      // A Network Load Balancer that is created without a security group accepts all clients, and can't get one later.
      ["securityGroups", given],
      ["enableCrossZoneLoadBalancing", is(true), ({ props }) => props.loadBalancerType === "network"],
    ],
  ),
  must(
    ["aws:lb/targetGroup:TargetGroup"],
    {
      name: "elb-targets-drained",
      description:
        "Target groups must have health checks, drain connections before pods are killed, and preserve client IP addresses.",
      severity: "medium",
      remediation:
        "Set healthCheck, and deregistrationDelay to 45 seconds or less, the pods' termination grace period. For a Network Load Balancer, also set preserveClientIp to true.",
      url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
    },
    [
      ["healthCheck", given],
      ["healthCheck.enabled", unlessSet(true)],
      ["deregistrationDelay", between(1, 45)],
      [
        "preserveClientIp",
        is("true", true),
        ({ props }) => /^(TCP|TLS|UDP|TCP_UDP)$/.test(String(props.protocol)),
      ],
    ],
  ),
  onType(
    cdn,
    {
      name: "cloudfront-viewers-https",
      description: "CloudFront distributions must require HTTPS from viewers.",
      severity: "critical",
      remediation: "Set viewerProtocolPolicy to redirect-to-https or https-only in every cache behavior.",
      url: `${cdnGuide}/using-https.html`,
    },
    ({ defaultCacheBehavior, orderedCacheBehaviors }, { report }) =>
      each([defaultCacheBehavior, ...(orderedCacheBehaviors ?? [])], (behavior) => {
        const found = behavior?.viewerProtocolPolicy;
        if (found !== "redirect-to-https" && found !== "https-only") {
          report(
            `viewerProtocolPolicy of a cache behavior is ${shown(found)}; it must be "redirect-to-https" or "https-only".`,
          );
        }
      }),
  ),
  onType(
    cdn,
    {
      name: "cloudfront-tls-version",
      description: "CloudFront distributions must accept TLS 1.2 or later only.",
      severity: "high",
      remediation: "Set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021, with an ACM certificate.",
      url: `${cdnGuide}/secure-connections-supported-viewer-protocols-ciphers.html`,
    },
    ({ viewerCertificate }, { report }) => {
      const found = viewerCertificate?.minimumProtocolVersion;
      if (!modernCdn.test(found ?? ""))
        report(
          `viewerCertificate.minimumProtocolVersion is ${shown(found)}; it must be "TLSv1.2_2019" or later.`,
        );
    },
  ),
  onType(
    cdn,
    {
      name: "cloudfront-origins-https",
      description: "CloudFront distributions must connect to custom origins over HTTPS.",
      severity: "high",
      remediation: "Set customOriginConfig.originProtocolPolicy to https-only.",
      url: `${cdnGuide}/using-https-cloudfront-to-custom-origin.html`,
    },
    ({ origins }, { report }) =>
      each(origins, ({ originId, customOriginConfig }) => {
        const found = customOriginConfig?.originProtocolPolicy;
        if (customOriginConfig && found !== "https-only") {
          report(
            `originProtocolPolicy of the origin ${shown(originId)} is ${shown(found)}; it must be "https-only".`,
          );
        }
      }),
  ),
];
