import { refuse, type Rules } from "../../rule";
import type { Values } from "../../wire";

const certificate = "aws:acm/certificate:Certificate";
const zone = "aws:route53/zone:Zone";
const loadBalancerName = {
  property: "name",
  max: 32,
  auto: true,
  pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  what: "letters, digits and -",
};

/** Public entry points: DNS, certificates, load balancers, AWS WAF. */
export const edgeRules: Rules = {
  [certificate]: {
    id: "arn:aws:acm:{region}:{account}:certificate/{uuid}",
    arn: "{id}",
    replace: [
      "domainName",
      "subjectAlternativeNames",
      "validationMethod",
      "keyAlgorithm",
      "certificateAuthorityArn",
      "validationOptions",
    ],
    outputs: {
      domainValidationOptions: validations,
      status: "PENDING_VALIDATION",
      notAfter: "",
      notBefore: "",
      keyAlgorithm: "RSA_2048",
    },
    unordered: ["subjectAlternativeNames"],
    held: true,
    answer: (values) => ({ ...values, subjectAlternativeNames: names(values) }),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    id: "{certificateArn}",
    replace: ["certificateArn", "validationRecordFqdns"],
    unordered: ["validationRecordFqdns"],
    refs: { certificateArn: certificate },
  },
  [zone]: {
    id: "Z{hex13}",
    arn: "arn:aws:route53:::hostedzone/{id}",
    replace: ["name", "delegationSetId"],
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    outputs: {
      zoneId: "{id}",
      nameServers: ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"],
      primaryNameServer: "ns-1.awsdns-01.com",
    },
    held: true,
  },
  "aws:route53/record:Record": {
    id: "{zoneId}_{name}_{type}{setIdentifier}",
    name: { property: "name", max: 255 },
    replace: ["name", "zoneId"],
    outputs: { fqdn: "{name}" },
    unordered: ["records"],
    refs: { zoneId: zone },
    overwrites: ({ allowOverwrite }) => allowOverwrite === true,
    check: record,
  },
  "aws:route53/healthCheck:HealthCheck": {
    id: "{uuid}",
    arn: "arn:aws:route53:::healthcheck/{id}",
    replace: ["type", "referenceName", "requestInterval", "measureLatency", "routingControlArn"],
    unordered: ["regions"],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{loadBalancerType}/{name}/{hex16}",
    arn: "{id}",
    name: loadBalancerName,
    replace: ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
    defaults: {
      loadBalancerType: "application",
      enableDeletionProtection: false,
      idleTimeout: 60,
      internal: false,
    },
    outputs: {
      dnsName: "{name}-{digits10}.elb.{region}.amazonaws.com",
      zoneId: "Z{hex13}",
      arnSuffix: "{name}/{hex16}",
      vpcId: "vpc",
    },
    unordered: ["subnets", "securityGroups", "subnetMappings"],
    refs: { subnets: "aws:ec2/subnet:Subnet", securityGroups: "aws:ec2/securityGroup:SecurityGroup" },
    held: true,
    keep: ({ enableDeletionProtection }) =>
      enableDeletionProtection === true ? "enableDeletionProtection is on" : undefined,
  },
  "aws:lb/targetGroup:TargetGroup": {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
    arn: "{id}",
    name: loadBalancerName,
    replace: [
      "name",
      "namePrefix",
      "port",
      "protocol",
      "targetType",
      "vpcId",
      "protocolVersion",
      "ipAddressType",
      "targetControlPort",
    ],
    defaults: { targetType: "instance", slowStart: 0 },
    refs: { vpcId: "aws:ec2/vpc:Vpc" },
    held: true,
  },
  "aws:lb/listener:Listener": {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:listener/{hex16}",
    arn: "{id}",
    replace: ["loadBalancerArn"],
    refs: { loadBalancerArn: "aws:lb/loadBalancer:LoadBalancer" },
  },
  "aws:wafv2/webAcl:WebAcl": {
    id: "{uuid}",
    arn: "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{id}",
    name: { property: "name", max: 128, auto: true, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" },
    replace: ["name", "namePrefix", "scope"],
    outputs: { capacity: 100, lockToken: "{uuid}", applicationIntegrationUrl: "" },
    unordered: ["rules"],
    held: true,
  },
  "aws:wafv2/ipSet:IpSet": {
    id: "{uuid}",
    arn: "arn:aws:wafv2:{region}:{account}:regional/ipset/{name}/{id}",
    name: { property: "name", max: 128, auto: true, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" },
    replace: ["name", "namePrefix", "scope", "ipAddressVersion"],
    outputs: { lockToken: "{uuid}" },
    unordered: ["addresses"],
    held: true,
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    id: "{webAclArn},{resourceArn}",
    replace: ["webAclArn", "resourceArn"],
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    id: "{resourceArn}",
    replace: ["logDestinationConfigs", "resourceArn"],
    refs: {
      resourceArn: "aws:wafv2/webAcl:WebAcl",
      logDestinationConfigs: "aws:cloudwatch/logGroup:LogGroup",
    },
    check: wafLog,
  },
};

const names = ({ domainName, subjectAlternativeNames }: Values): unknown[] => {
  const more = Array.isArray(subjectAlternativeNames) ? (subjectAlternativeNames as unknown[]) : [];
  return [...new Set([domainName, ...more])];
};

/** The validation record of each domain; a wildcard has the same one as its domain. */
function validations(values: Values): unknown {
  return names(values).map((domain) => ({
    domainName: domain,
    resourceRecordName: `_proof.${String(domain).replace(/^\*\./, "")}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: "_proof.acm-validations.aws.",
  }));
}

/** AWS WAF only writes to log groups, buckets and streams with its prefix. */
function wafLog({ logDestinationConfigs }: Values) {
  const destinations = Array.isArray(logDestinationConfigs) ? (logDestinationConfigs as unknown[]) : [];
  const known = destinations.filter((arn) => typeof arn === "string" && arn.startsWith("arn:"));
  return known
    .filter((arn) => !/:(log-group:|deliverystream\/|::)aws-waf-logs-/.test(String(arn)))
    .map((arn) => refuse("logDestinationConfigs", `${String(arn)}: its name must begin with aws-waf-logs-`));
}

function record(values: Values) {
  const alias = Array.isArray(values["aliases"]) && values["aliases"].length > 0;
  if (alias && values["ttl"] !== undefined) return [refuse("ttl", "an alias has its target's")];
  return [];
}
