import assert from "node:assert/strict";
import { metricsTemplate, previewTemplate } from "../../../components/workload/rollout/analysis";
import { errorRate, latencyP95, requestRate } from "../../../components/observability/expressions";
import { settings } from "./fixture";
import { catalog } from "../../support/frozen";

const { api, web } = catalog.ams.workloads;

describe("expressions", () => {
  const service = { namespace: "ams", service: "ams-api-service" };

  it("select a Service's requests, or those of pods by name", () => {
    assert.equal(
      requestRate(service),
      'sum(rate(http_requests_total{namespace="ams",service="ams-api-service"}[2m]))',
    );
    assert.equal(
      requestRate({ namespace: "ams", pods: "ams-api-.+" }, "5m"),
      'sum(rate(http_requests_total{namespace="ams",pod=~"ams-api-.+"}[5m]))',
    );
  });

  const either = (matches: string) => {
    const rate = (label: string) =>
      `rate(http_requests_total{namespace="ams",service="ams-api-service",${label}${matches}}[2m])`;
    return `sum(${rate("status_code")} or ${rate("status")})`;
  };

  it("calculate errors as a share, by either label, of requests that have one, none being no error, and the latency from the buckets", () => {
    assert.equal(errorRate(service), `(${either('=~"5.."')} or vector(0)) / ${either('!=""')}`);
    assert.match(latencyP95(service), /^histogram_quantile\(0\.95, sum by \(le\) \(rate\(.*_bucket\{/);
  });
});

describe("analysis of a release", () => {
  const { args, metrics } = metricsTemplate(api, "http://prometheus.test:9090");

  // An empty result meets neither condition, which is inconclusive.
  const conditions = (bound: string) => [
    `len(result) > 0 && (isNaN(result[0]) || result[0] < ${bound})`,
    `len(result) > 0 && !isNaN(result[0]) && result[0] >= ${bound}`,
  ];

  it("selects the new version's pods, with the alerts' thresholds", () => {
    assert.deepEqual(args, [{ name: "latest-hash" }]);
    assert.deepEqual(
      metrics.map(({ name, successCondition, failureCondition }) => [
        name,
        successCondition,
        failureCondition,
      ]),
      [
        ["error-rate", ...conditions("0.05")],
        ["p95-latency", ...conditions("1")],
      ],
    );
    for (const { provider } of metrics) {
      const text = JSON.stringify(provider);
      assert.match(text, /namespace=\\"ams\\",pod=~\\"ams-api-\{\{args\.latest-hash\}\}-\.\+\\"/);
      assert.match(text, /"address":"http:\/\/prometheus\.test:9090"/);
    }
  });

  it("pauses the release after the third measurement without data", () => {
    for (const { inconclusiveLimit } of metrics) assert.equal(inconclusiveLimit, 2);
  });

  it("tolerates one failure, but not missing metrics", () => {
    for (const metric of metrics)
      assert.deepEqual(
        [metric.initialDelay, metric.interval, metric.failureLimit, metric.consecutiveErrorLimit],
        ["120s", "60s", 1, 4],
      );
  });

  it("runs during all steps, or for a number of measurements after a switch", () => {
    assert.deepEqual(
      metrics.map(({ count }) => count),
      [undefined, undefined],
    );
    const finite = metricsTemplate(api, "http://prometheus.test:9090", 5);
    assert.deepEqual(
      finite.metrics.map(({ count }) => count),
      [5, 5],
    );
  });
});

describe("verification before a switch", () => {
  const urlOf = (...of: Parameters<typeof previewTemplate>) =>
    JSON.stringify(previewTemplate(...of).metrics[0]?.provider);

  it("requests the new version's probe path, over its own Service", () => {
    assert.match(
      urlOf(api, settings(), 60),
      /"http:\/\/ams-api-service-preview\.ams\.svc\.cluster\.local:4000\/health\/ready"/,
    );
    assert.match(urlOf(web, settings(undefined, { healthPath: "/up" }), 60), /:80\/up"/);
    assert.match(urlOf(web, settings(), 60), /:80\/"/);
  });

  it("runs for the configured time, and tolerates one failure", () => {
    const [metric] = previewTemplate(api, settings(), 65).metrics;
    assert.deepEqual([metric?.count, metric?.interval, metric?.consecutiveErrorLimit], [7, "10s", 1]);
  });
});
