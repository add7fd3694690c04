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

/** Public entry points: load balancers and the CDN. */
export const edge: Policies = [
  onTypes<Listener>(
    isListener,
    {
      name: "elb-http-redirects",
      description: "A plain HTTP listener does nothing but redirect to HTTPS.",
      severity: "critical",
      remediation: 'Make every default action of type redirect, with redirect.protocol "HTTPS".',
      url: `${elbGuide}/create-http-listener.html`,
    },
    (listener, { report }) => {
      if (listener.protocol !== "HTTP") return;
      if (!listener.defaultActions?.length) report("defaultActions is empty.");
      each(listener.defaultActions, ({ type, redirect }) => {
        if (type === "redirect" && redirect?.protocol === "HTTPS") return;
        report(`a default action is of type ${shown(type)}, protocol ${shown(redirect?.protocol)}.`);
      });
    },
  ),
  onTypes<Listener>(
    isListener,
    {
      name: "elb-tls-policy",
      description: "A TLS listener accepts TLS 1.2 and newer only, with forward-secret ciphers.",
      severity: "high",
      remediation: "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one.",
      url: tlsPoliciesUrl,
    },
    (listener, { report }) => {
      const secure = listener.protocol === "HTTPS" || listener.protocol === "TLS";
      if (secure && !isModernTlsPolicy(listener.sslPolicy)) {
        report(`sslPolicy is ${shown(listener.sslPolicy)}; allowed is ${modernTlsPolicies}.`);
      }
    },
  ),
  onTypes<Listener>(
    isListener,
    {
      name: "elb-listener-protocol",
      description: "A listener sets its protocol, and a TLS listener has a certificate.",
      severity: "medium",
      remediation: "Set protocol, and certificateArn with HTTPS and TLS.",
      url: `${elbGuide}/load-balancer-listeners.html`,
    },
    (listener, { report }) => {
      if (!isGiven(listener, "protocol")) return report("protocol is not set.");
      const secure = listener.protocol === "HTTPS" || listener.protocol === "TLS";
      if (secure && !isGiven(listener, "certificateArn")) report("certificateArn is not set.");
    },
  ),
  onType(
    "aws:lb/loadBalancer:LoadBalancer",
    {
      name: "elb-drops-invalid-headers",
      description: "An application load balancer drops invalid headers.",
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
      description: "A load balancer is protected from deletion in Pulumi and in AWS alike, or in neither.",
      severity: "medium",
      remediation: "Set enableDeletionProtection and the resource option `protect` from the same switch.",
      url: `${elbGuide}/application-load-balancers.html`,
    },
    (balancer, { args, report }) => {
      const guarded = balancer.enableDeletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(
          `enableDeletionProtection is ${guarded} but protect is ${args.opts.protect}; they must agree.`,
        );
      }
    },
  ),
  must(
    ["aws:lb/loadBalancer:LoadBalancer"],
    {
      name: "elb-access-logs",
      description: "A load balancer writes access logs, and serves the targets of all zones.",
      severity: "medium",
      remediation:
        "Set accessLogs.enabled with a bucket, securityGroups, and enableCrossZoneLoadBalancing of a network load balancer.",
      url: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html",
    },
    [
      ["accessLogs.enabled", is(true)],
      ["accessLogs.bucket", given],
      // A network load balancer without a security group admits everyone, and can never get one.
      ["securityGroups", given],
      ["enableCrossZoneLoadBalancing", is(true), ({ props }) => props.loadBalancerType === "network"],
    ],
  ),
  must(
    ["aws:lb/targetGroup:TargetGroup"],
    {
      name: "elb-targets-drained",
      description: "Targets are checked, keep their clients' addresses, and are drained before a pod dies.",
      severity: "medium",
      remediation:
        "Set healthCheck, deregistrationDelay to 45 seconds at most (the pods' grace period), and preserveClientIp of a network load balancer's group.",
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
      description: "The CDN serves nothing over plain HTTP.",
      severity: "critical",
      remediation: "Set viewerProtocolPolicy of every cache behaviour to redirect-to-https or https-only.",
      url: `${cdnGuide}/using-https.html`,
    },
    ({ defaultCacheBehavior, orderedCacheBehaviors }, { report }) =>
      each([defaultCacheBehavior, ...(orderedCacheBehaviors ?? [])], (behavior) => {
        const found = behavior?.viewerProtocolPolicy;
        if (found !== "redirect-to-https" && found !== "https-only") {
          report(`viewerProtocolPolicy of a cache behaviour is ${shown(found)}.`);
        }
      }),
  ),
  onType(
    cdn,
    {
      name: "cloudfront-tls-version",
      description: "The CDN accepts TLS 1.2 and newer only.",
      severity: "high",
      remediation: "Set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021, with an ACM certificate.",
      url: `${cdnGuide}/secure-connections-supported-viewer-protocols-ciphers.html`,
    },
    ({ viewerCertificate }, { report }) => {
      const found = viewerCertificate?.minimumProtocolVersion;
      if (!modernCdn.test(found ?? "")) report(`minimumProtocolVersion is ${shown(found)}.`);
    },
  ),
  onType(
    cdn,
    {
      name: "cloudfront-origins-https",
      description: "The CDN connects to its origins over HTTPS.",
      severity: "high",
      remediation: "Set customOriginConfig.originProtocolPolicy to https-only.",
      url: `${cdnGuide}/using-https-cloudfront-to-custom-origin.html`,
    },
    ({ origins }, { report }) =>
      each(origins, ({ originId, customOriginConfig }) => {
        const found = customOriginConfig?.originProtocolPolicy;
        if (customOriginConfig && found !== "https-only") {
          report(`originProtocolPolicy of ${shown(originId)} is ${shown(found)}.`);
        }
      }),
  ),
];
