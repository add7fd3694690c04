import assert from "node:assert/strict";
import { Syslog } from "../../../components/edge/syslog";
import { AccessLogs } from "../../../components/storage/access-logs";
import { deregistrationSeconds, graceSeconds } from "../../../components/workload/drain";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, clusterName, context, regionBase } from "../network/fixture";

const settings = {
  host: "syslog.example.com",
  sources: ["198.51.100.0/24", "203.0.113.0/24"],
  internet: false,
};

const preview = (protect = true) =>
  previewProgram(() => {
    const opts = awsOnly();
    const { network } = regionBase(opts);
    new Syslog(
      "syslog",
      {
        context: context(protect),
        system: "opmas",
        settings,
        port: 514,
        network,
        clusterName,
        certificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/1",
        tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        zones: { "example.com": "Z00000000000EXAMPLE1" },
        accessLogs: new AccessLogs("logs", { context: context(protect), days: 30, cdn: false }, opts),
        alarmTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alarms",
      },
      opts,
    );
  });

describe("Syslog", () => {
  it("accepts UDP and TCP on 514 with one listener, and terminates TLS on 6514", async () => {
    const listeners = (await preview()).ofType("aws:lb/listener:Listener").map(({ inputs }) => inputs);
    assert.deepEqual(
      listeners.map(({ port, protocol, sslPolicy }) => [port, protocol, sslPolicy]),
      [
        [514, "TCP_UDP", undefined],
        [6514, "TLS", "ELBSecurityPolicy-TLS13-1-2-2021-06"],
      ],
    );
  });

  it("forwards both to the pods' port with client IP preservation, and drains targets before pods stop", async () => {
    const groups = (await preview()).ofType("aws:lb/targetGroup:TargetGroup").map(({ inputs }) => inputs);
    assert.deepEqual(
      groups.map(({ port, protocol, preserveClientIp, targetType }) => [
        port,
        protocol,
        preserveClientIp,
        targetType,
      ]),
      [
        [514, "TCP_UDP", "true", "ip"],
        [514, "TCP", "true", "ip"],
      ],
    );
    for (const { healthCheck, deregistrationDelay, tags } of groups) {
      // UDP has no health check, so the same port over TCP is checked.
      const { protocol, port } = healthCheck as { protocol: string; port: string };
      assert.deepEqual([protocol, port], ["TCP", "514"]);
      assert.equal(deregistrationDelay, deregistrationSeconds);
      assert.ok(deregistrationSeconds < graceSeconds);
      // AmazonEKSLoadBalancingPolicy lets EKS register pods only with groups that have this tag.
      assert.deepEqual(tags, { "eks:eks-cluster-name": clusterName });
    }
  });

  it("allows each source on each port, and egress only to the nodes on the pods' port", async () => {
    const recording = await preview();
    const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const own = rules.filter(({ name }) => name.startsWith("syslog-"));
    const rows = own.map(({ inputs: { cidrIpv4, ipProtocol, fromPort } }) =>
      [ipProtocol, fromPort, cidrIpv4 ?? "the load balancer"].join(" "),
    );
    assert.deepEqual(rows.sort(), [
      "tcp 514 198.51.100.0/24",
      "tcp 514 203.0.113.0/24",
      "tcp 514 the load balancer",
      "tcp 6514 198.51.100.0/24",
      "tcp 6514 203.0.113.0/24",
      "udp 514 198.51.100.0/24",
      "udp 514 203.0.113.0/24",
      "udp 514 the load balancer",
    ]);
    const out = recording
      .ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ name }) => name.startsWith("syslog-"));
    assert.deepEqual(
      out.map(({ inputs }) => [inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4]),
      [
        ["tcp", 514, 514, undefined],
        ["udp", 514, 514, undefined],
      ],
    );
  });

  it("has deletion protection if the environment is protected", async () => {
    for (const protect of [true, false]) {
      const balancer = (await preview(protect)).one("aws:lb/loadBalancer:LoadBalancer");
      assert.deepEqual([balancer.protect, balancer.inputs.enableDeletionProtection], [protect, protect]);
    }
  });
});
