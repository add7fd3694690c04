import assert from "node:assert/strict";
import { publicChecks } from "../../config";
import { catalog, recordingOf } from "../support/frozen";

describe("smoke test of the public hosts", () => {
  it("asks a host for the health path of what serves its root, else for the root", () => {
    const none = { smoke: {}, workloads: {} };
    assert.deepEqual(publicChecks(catalog.tapwork, "api", none), [{ path: "/health" }]);
    assert.deepEqual(publicChecks(catalog.tapwork, "scanner", none), [{ path: "/" }]);
    // The API's paths are below /api: the front end serves the host's root.
    assert.deepEqual(publicChecks(catalog.ams, "app", none), [{ path: "/" }]);
    const configured = { smoke: {}, workloads: { scanner: { healthPath: "/healthz" } } };
    assert.deepEqual(publicChecks(catalog.tapwork, "scanner", configured), [{ path: "/healthz" }]);
  });

  it("asks what the stack file says instead, with the answer that it wants", () => {
    const smoke = { api: [{ path: "/", status: 404 }] };
    assert.deepEqual(publicChecks(catalog.opmas, "api", { smoke, workloads: {} }), smoke.api);
  });

  for (const stack of ["dev", "staging", "prod"] as const)
    it(`${stack}: every public host is asked, AMS' as its document does`, async () => {
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
