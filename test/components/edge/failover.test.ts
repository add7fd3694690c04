import assert from "node:assert/strict";
import { FailoverRecords } from "../../../components/edge/failover";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, context } from "../network/fixture";

const hosts = [{ host: "assets.example.com", name: "active-assets.example.com", path: "/health" }];

const preview = (alarmTopicArn: string | undefined) =>
  previewProgram(() => {
    new FailoverRecords(
      "failover",
      {
        context: context(true),
        hosts,
        regions: { primary: "ap-northeast-2", secondary: "ap-northeast-1" },
        active: "primary",
        zones: { "example.com": "Z1" },
        alarms: { emails: ["team@example.com"] },
        alarmTopicArn,
      },
      { providers: [awsOnly().provider].flatMap((one) => one ?? []) },
    );
  });

const topic = "aws:sns/topic:Topic";

describe("FailoverRecords", () => {
  it("has an alarm on each region's health check, in the CDN's topic if there is one", async () => {
    const arn = "arn:aws:sns:us-east-1:111111111111:cdn";
    const recording = await preview(arn);
    const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms.map(({ inputs }) => [inputs.metricName, inputs.comparisonOperator, inputs.alarmActions]),
      [
        ["HealthCheckStatus", "LessThanThreshold", [arn]],
        ["HealthCheckStatus", "LessThanThreshold", [arn]],
      ],
    );
    assert.deepEqual(recording.ofType(topic), []);
  });

  it("has a topic and a key of its own without a CDN", async () => {
    const recording = await preview(undefined);
    assert.match(String(recording.one(topic).inputs.name), /-failover-alarms$/);
    assert.equal(recording.ofType("aws:kms/key:Key").length, 1);
  });

  it("checks each region by its own name over HTTPS", async () => {
    const checks = (await preview("arn")).ofType("aws:route53/healthCheck:HealthCheck");
    assert.deepEqual(
      checks.map(({ inputs }) => [inputs.type, inputs.fqdn, inputs.resourcePath, inputs.failureThreshold]),
      ["ap-northeast-2", "ap-northeast-1"].map((region) => [
        "HTTPS",
        `${region}-assets.example.com`,
        "/health",
        3,
      ]),
    );
  });
});
