import { sample, scenario, unknown } from "../scenario";

export const edge = [
  scenario(
    "load balancers",
    {
      balancer: sample("aws:lb/loadBalancer:LoadBalancer", {
        dropInvalidHeaderFields: true,
        enableDeletionProtection: false,
        accessLogs: { enabled: true, bucket: unknown },
        securityGroups: [unknown],
      }),
      network: sample("aws:lb/loadBalancer:LoadBalancer", {
        loadBalancerType: "network",
        enableDeletionProtection: false,
        enableCrossZoneLoadBalancing: true,
        accessLogs: { enabled: true, bucket: unknown },
        securityGroups: [unknown],
      }),
      targets: sample("aws:lb/targetGroup:TargetGroup", {
        protocol: "TCP_UDP",
        healthCheck: { protocol: "TCP" },
        deregistrationDelay: 30,
        preserveClientIp: "true",
      }),
      plain: sample("aws:lb/listener:Listener", {
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
      }),
      secure: sample("aws:alb/listener:Listener", {
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificateArn: unknown,
        defaultActions: [{ type: "forward", targetGroupArn: unknown }],
      }),
      syslog: sample("aws:lb/listener:Listener", {
        port: 514,
        protocol: "TCP_UDP",
        defaultActions: [{ type: "forward" }],
      }),
    },
    [
      [
        "elb-http-redirects",
        ({ plain }) => (plain.props.defaultActions = [{ type: "forward", targetGroupArn: unknown }]),
      ],
      [
        "elb-http-redirects",
        ({ plain }) => (plain.props.defaultActions = [{ type: "redirect", redirect: { protocol: "HTTP" } }]),
      ],
      ["elb-tls-policy", ({ secure }) => (secure.props.sslPolicy = "ELBSecurityPolicy-2016-08")],
      [
        "elb-tls-policy",
        ({ secure }) => (secure.props.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06"),
      ],
      ["elb-tls-policy", ({ secure }) => delete secure.props.sslPolicy],
      ["elb-listener-protocol", ({ secure }) => delete secure.props.certificateArn],
      ["elb-listener-protocol", ({ syslog }) => delete syslog.props.protocol],
      ["elb-drops-invalid-headers", ({ balancer }) => delete balancer.props.dropInvalidHeaderFields],
      ["elb-access-logs", ({ network }) => delete network.props.accessLogs],
      ["elb-access-logs", ({ network }) => delete network.props.securityGroups],
      ["elb-access-logs", ({ network }) => delete network.props.enableCrossZoneLoadBalancing],
      ["elb-targets-drained", ({ targets }) => (targets.props.deregistrationDelay = 300)],
      ["elb-targets-drained", ({ targets }) => delete targets.props.preserveClientIp],
      ["elb-targets-drained", ({ targets }) => delete targets.props.healthCheck],
      ["elb-deletion-protection", ({ balancer }) => (balancer.protect = true)],
    ],
  ),
];
