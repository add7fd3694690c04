import assert from "node:assert/strict";
import { publicChecks } from "../../config";
import { catalog, recordingOf } from "../support/frozen";

describe("smoke test of the public hosts", () => {
  it("requests the health path of the workload that serves a host's root, else the root", () => {
    const none = { smoke: {}, workloads: {} };
    assert.deepEqual(publicChecks(catalog.tapwork, "api", none), [{ path: "/health" }]);
    assert.deepEqual(publicChecks(catalog.tapwork, "scanner", none), [{ path: "/" }]);
    // The API's paths are below /api: the front end serves the host's root.
    assert.deepEqual(publicChecks(catalog.ams, "app", none), [{ path: "/" }]);
    const configured = { smoke: {}, workloads: { scanner: { healthPath: "/healthz" } } };
    assert.deepEqual(publicChecks(catalog.tapwork, "scanner", configured), [{ path: "/healthz" }]);
  });

  it("requests the stack file's paths instead, with their expected status", () => {
    const smoke = { api: [{ path: "/", status: 404 }] };
    assert.deepEqual(publicChecks(catalog.opmas, "api", { smoke, workloads: {} }), smoke.api);
  });

  for (const stack of ["dev", "staging", "prod"] as const)
    it(`${stack}: requests every public host, AMS' as in its document`, async () => {
      const { outputs } = await recordingOf(stack);
      const checks = outputs.smoke as unknown as { url: string; status?: number }[];
      const urls = Object.values(outputs.urls as unknown as Record<string, Record<string, string>>);
      const hosts = new Set(checks.map(({ url }) => new URL(url).origin));
      assert.deepEqual([...hosts].sort(), urls.flatMap((each) => Object.values(each)).sort());
      assert.ok(
        checks.some(({ url, status }) => /\/\/ams\..*suresoft\.com\/health$/.test(url) && status === 200),
      );
      const errors = checks.filter(({ status }) => (status ?? 200) >= 400);
      assert.equal(errors.length, 1, "a status that doesn't test the application");
    });
});
