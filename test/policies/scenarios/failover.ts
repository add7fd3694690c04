import { sample, scenario, unknown } from "../scenario";

/** Two regions that serve one host. */
export const failover = [
  scenario(
    "a DNS record that fails over to another region",
    {
      check: sample("aws:route53/healthCheck:HealthCheck", {
        type: "HTTPS",
        fqdn: "ap-northeast-2-assets.example.com",
        port: 443,
        resourcePath: "/",
        failureThreshold: 3,
      }),
      record: sample("aws:route53/record:Record", {
        name: "active-assets.example.com",
        type: "CNAME",
        ttl: 60,
        setIdentifier: "primary",
        failoverRoutingPolicies: [{ type: "PRIMARY" }],
        healthCheckId: unknown,
        records: ["ap-northeast-2-assets.example.com"],
        zoneId: "Z1",
      }),
      plain: sample("aws:route53/record:Record", {
        name: "assets.example.com",
        type: "CNAME",
        ttl: 300,
        records: ["active-assets.example.com"],
        zoneId: "Z1",
      }),
    },
    [
      ["route53-health-check-https", ({ check }) => (check.props.type = "HTTP")],
      ["route53-health-check-https", ({ check }) => delete check.props.fqdn],
      ["route53-health-check-https", ({ check }) => delete check.props.resourcePath],
      ["route53-health-check-https", ({ check }) => (check.props.port = 80)],
      ["route53-health-check-https", ({ check }) => Object.assign(check.props, { enableSni: false })],
      ["route53-health-check-https", ({ check }) => (check.props.failureThreshold = 1)],
      ["route53-failover-checked", ({ record }) => delete record.props.healthCheckId],
      ["route53-failover-checked", ({ record }) => delete record.props.setIdentifier],
      ["route53-failover-checked", ({ record }) => (record.props.failoverRoutingPolicies = [{ type: "" }])],
      ["route53-failover-checked", ({ record }) => (record.props.ttl = 3600)],
    ],
  ),
];
