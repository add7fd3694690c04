import assert from "node:assert/strict";
import { recordingOf } from "../support/recordings";
import { has, stacks } from "../support/stacks";

for (const stack of stacks)
  describe(`${stack}: CloudWatch alarms`, () => {
    const alarms = async () =>
      (await recordingOf(stack)).ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
    const clusters = async () =>
      (await recordingOf(stack)).ofType("aws:eks/cluster:Cluster").map(({ inputs }) => String(inputs.name));
    const on = async (metric: string) =>
      (await alarms())
        .filter(({ metricName }) => metricName === metric)
        .map(({ dimensions }) => Object.values(dimensions as Record<string, string>)[0] ?? "");
    const onDatabases = async (metric: string) =>
      (await alarms())
        .filter(({ metricName, namespace }) => metricName === metric && namespace === "AWS/RDS")
        .map(({ dimensions }) => Object.values(dimensions as Record<string, string>)[0] ?? "");

    it("watch each instance of each database, and the lag of each replica", async () => {
      const recording = await recordingOf(stack);
      const instances = recording.ofType("aws:rds/instance:Instance").map(({ inputs }) => inputs);
      const all = instances.map(({ identifier }) => identifier).sort();
      for (const metric of ["FreeStorageSpace", "CPUUtilization", "DatabaseConnections"])
        assert.deepEqual((await onDatabases(metric)).sort(), all, metric);
      const replicas = instances.filter(({ replicateSourceDb }) => replicateSourceDb !== undefined);
      assert.deepEqual((await on("ReplicaLag")).sort(), replicas.map(({ identifier }) => identifier).sort());
    });

    it("watch each proxy and each node of each cache", async () => {
      const recording = await recordingOf(stack);
      const proxies = recording.ofType("aws:rds/proxy:Proxy").map(({ inputs }) => inputs.name);
      assert.deepEqual((await on("DatabaseConnectionsBorrowLatency")).sort(), proxies.sort());
      const groups = recording.ofType("aws:elasticache/replicationGroup:ReplicationGroup");
      const nodes = groups.flatMap(({ inputs }) =>
        Array.from(
          { length: Number(inputs.numCacheClusters) },
          (_, index) => `${String(inputs.replicationGroupId)}-00${index + 1}`,
        ),
      );
      assert.deepEqual((await on("DatabaseMemoryUsagePercentage")).sort(), nodes.sort());
      if (stack === "prod") assert.equal((await on("ReplicationLag")).length, nodes.length);
    });

    it("raise DatabaseConnectionPoolExhausted at 90 % of an instance's connections", async () => {
      const found = (await alarms()).filter(({ metricName }) => metricName === "DatabaseConnections");
      for (const { period, evaluationPeriods, alarmDescription } of found) {
        assert.equal(Number(period) * Number(evaluationPeriods), 300);
        assert.match(String(alarmDescription), /^DatabaseConnectionPoolExhausted/);
      }
      if (stack !== "prod") return;
      const ams = found.find(({ name }) => name === "plinth-prod-ams-connections");
      assert.equal(ams?.threshold, 225, "of 250 in the stack file");
    });

    it("watch every certificate, and the heartbeat if there is a Prometheus", async () => {
      const certificates = (await recordingOf(stack)).ofType("aws:acm/certificate:Certificate");
      assert.equal((await on("DaysToExpiry")).length, certificates.length);
      const beats = (await alarms()).filter(({ metricName }) => metricName === "NumberOfMessagesPublished");
      assert.deepEqual(
        beats.map(({ treatMissingData, dimensions }) => [treatMissingData, dimensions]),
        has(stack, "cluster.operators.prometheus")
          ? (await clusters()).map((name) => ["breaching", { TopicName: `${name}-heartbeat` }])
          : [],
      );
    });

    it("watch the load balancer that EKS creates for each cluster, each distribution, and each web ACL", async () => {
      const recording = await recordingOf(stack);
      for (const metric of ["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime"])
        assert.equal((await on(metric)).length, (await clusters()).length, metric);
      const [latency] = (await alarms()).filter(({ metricName }) => metricName === "TargetResponseTime");
      assert.deepEqual([latency?.extendedStatistic, latency?.threshold], ["p95", 1]);
      const queries = (await alarms()).flatMap(
        ({ metricQueries = [] }) => metricQueries as { expression: unknown; period: number }[],
      );
      assert.equal(queries.length, (await clusters()).length, "unhealthy hosts");
      const distributions = recording.ofType("aws:cloudfront/distribution:Distribution");
      assert.equal((await on("5xxErrorRate")).length, distributions.length);
      const acls = recording.ofType("aws:wafv2/webAcl:WebAcl");
      assert.equal((await on("BlockedRequests")).length, acls.length);
    });

    it("have unique names and an action", async () => {
      const all = await alarms();
      assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
      for (const { name, alarmActions } of all)
        assert.equal((alarmActions as unknown[]).length, 1, String(name));
    });
  });
