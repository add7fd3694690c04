import assert from "node:assert/strict";
import { loadTestScript, loadTestSettings } from "../../../components/jobs/load-test";
import { thresholds } from "../../../components/observability/thresholds";
import { set } from "../../support/edits";
import { recordingOf, recordingWith } from "../../support/frozen";
import { objects } from "../../support/objects";

describe("load test", () => {
  it("uses the alerts' thresholds: 5 % of errors, and 95 of 100 responses within a second", () => {
    assert.deepEqual([thresholds.errorRate, thresholds.p95Seconds], [0.05, 1]);
    const { options } = loadTestSettings(
      { users: 50, minutes: 10, paths: [{ path: "/health" }] },
      "http://api",
    );
    assert.deepEqual(options.thresholds, {
      http_req_failed: ["rate<0.05"],
      http_req_duration: ["p(95)<1000"],
    });
    assert.deepEqual(options.stages[1], { duration: "10m", target: 50 });
  });

  it("requests each path in turn, and expects the path's status", () => {
    const paths = [{ path: "/health" }, { path: "/api/asset", status: 401 }];
    const settings = JSON.stringify(loadTestSettings({ users: 1, minutes: 1, paths }, "http://api"));
    const body = loadTestScript
      .replace(/^import .*$/gm, "")
      .replace("export const options", "const options")
      .replace("export default function ()", "return function ()");
    const asked: unknown[] = [];
    const http = {
      get: (url: string, { responseCallback }: { responseCallback?: unknown }) =>
        asked.push([url, responseCallback]),
      expectedStatuses: (status: number) => ({ status }),
    };
    (
      new Function("http", "sleep", "open", body)(
        http,
        () => undefined,
        () => settings,
      ) as () => void
    )();
    assert.deepEqual(asked, [
      ["http://api/health", undefined],
      ["http://api/api/asset", { status: 401 }],
    ]);
  });

  it("requests only paths from the API's document or the image contract", async () => {
    const paths = (name: string) =>
      [...objects(staging, "ConfigMap")]
        .filter(([key]) => key.split("/")[1]?.startsWith(`${name}-load-test-`))
        .map(([, { manifest }]) => JSON.parse(manifest.data?.["settings.json"] ?? "{}") as { paths: unknown })
        .map((each) => each.paths);
    const staging = await recordingOf("staging");
    assert.deepEqual(paths("opmas"), [[{ path: "/metrics" }]]);
    assert.deepEqual(paths("asset-management"), [[{ path: "/metrics" }]]);
    assert.deepEqual(paths("ams"), [[{ path: "/health" }]]);
  });

  it("is only started manually without a schedule, and has a deadline", async () => {
    const { manifest } =
      objects(await recordingOf("staging"), "CronJob").get("ams/ams-load-test") ?? assert.fail();
    const { suspend, jobTemplate } = manifest.spec as {
      suspend: boolean;
      jobTemplate: { spec: { activeDeadlineSeconds: number; backoffLimit: number } };
    };
    assert.equal(suspend, true);
    assert.ok(jobTemplate.spec.activeDeadlineSeconds > 10 * 60 + 90, "more than the test itself takes");
    assert.equal(jobTemplate.spec.backoffLimit, 0);
  });

  it("runs on its schedule if there is one, and reads its settings from its files", async () => {
    const recording = await recordingWith("staging", set("systems.ams.loadTest.schedule", "0 3 * * 0"));
    const spec = objects(recording, "CronJob").get("ams/ams-load-test")?.manifest.spec;
    assert.deepEqual([spec?.schedule, spec?.suspend], ["0 3 * * 0", false]);
    const files = [...objects(recording, "ConfigMap").keys()].find((name) =>
      name.startsWith("ams/ams-load-test-"),
    );
    assert.ok(JSON.stringify(spec).includes(`"name":"${files?.split("/")[1]}"`));
    const { data } = objects(recording, "ConfigMap").get(files ?? "")?.manifest ?? {};
    assert.equal(
      (JSON.parse(data?.["settings.json"] ?? "{}") as { url: string }).url,
      "http://ams-api-service.ams.svc.cluster.local:4000",
    );
  });
});
