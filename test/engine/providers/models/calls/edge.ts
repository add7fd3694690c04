import { callsOf, type Mappings } from "../call";

const waf = callsOf("wafv2");

/** Structure of a logging configuration in the call. */
const logging = "LoggingConfiguration";

const balancing = callsOf("elbv2");
const attribute = "an attribute of the load balancer or target group, which is set as text";

export const edgeCalls: Mappings = {
  "aws:lb/loadBalancer:LoadBalancer": {
    calls: [balancing("CreateLoadBalancer", { members: { loadBalancerType: "Type" } })],
    elsewhere: {
      accessLogs: attribute,
      enableCrossZoneLoadBalancing: attribute,
      enableDeletionProtection: attribute,
    },
  },
  "aws:lb/targetGroup:TargetGroup": {
    calls: [
      balancing("CreateTargetGroup", {
        members: {
          "healthCheck.interval": "HealthCheckIntervalSeconds",
          "healthCheck.healthyThreshold": "HealthyThresholdCount",
          "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
          "healthCheck.protocol": "HealthCheckProtocol",
          "healthCheck.port": "HealthCheckPort",
        },
      }),
    ],
    elsewhere: {
      healthCheck: "its values are members of the call itself",
      connectionTermination: attribute,
      deregistrationDelay: attribute,
      preserveClientIp: attribute,
    },
  },
  "aws:lb/listener:Listener": {
    calls: [balancing("CreateListener", { members: { certificateArn: "Certificates.CertificateArn" } })],
  },
  "aws:wafv2/ipSet:IpSet": {
    calls: [waf("CreateIPSet", { members: { ipAddressVersion: "IPAddressVersion" } })],
  },
  "aws:wafv2/webAcl:WebAcl": { calls: [waf("CreateWebACL")] },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    calls: [
      waf("PutLoggingConfiguration", {
        members: {
          resourceArn: `${logging}.ResourceArn`,
          logDestinationConfigs: `${logging}.LogDestinationConfigs`,
          redactedFields: `${logging}.RedactedFields`,
          loggingFilter: `${logging}.LoggingFilter`,
        },
      }),
    ],
  },
};
