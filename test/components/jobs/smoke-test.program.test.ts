import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesPath } from "../../../components/jobs/job-pod";
import { addressesOf, smokeScript } from "../../../components/jobs/smoke-test";
import { catalog } from "../../support/frozen";

/** Runs the script with a curl that answers by the last part of the address: its status, or an error. */
function smoke(addresses: string): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "plinth-smoke-"));
  try {
    const curl = `#!/bin/sh
for last; do :; done
case "$last" in */dead) printf 000; exit 7;; *) printf '%s' "\${last##*/}";; esac
`;
    writeFileSync(join(folder, "curl"), curl);
    chmodSync(join(folder, "curl"), 0o755);
    writeFileSync(join(folder, "addresses"), addresses);
    const script = smokeScript.replaceAll(filesPath, folder);
    const env = { PATH: `${folder}:${process.env.PATH ?? ""}` };
    const { status, stdout } = spawnSync("sh", ["-c", script], { env, encoding: "utf8" });
    return { status, said: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("smoke test", () => {
  it("passes if every health path succeeds and workloads without one respond", () => {
    assert.deepEqual(smoke("healthy http://a/200\nserving http://b/404\nserving http://c/302\n"), {
      status: 0,
      said: "ok 200 http://a/200\nok 404 http://b/404\nok 302 http://c/302\n",
    });
  });

  for (const [what, line] of [
    ["a health path that isn't there", "healthy http://a/404"],
    ["a health path that leads elsewhere", "healthy http://a/302"],
    ["a server's error", "serving http://a/503"],
    ["nobody who answers", "serving http://a/dead"],
  ] as const)
    it(`fails on ${what}, after testing the others`, () => {
      const { status, said } = smoke(`${line}\nhealthy http://b/200\n`);
      assert.equal(status, 1);
      assert.match(said, /FAILED .*\nok 200 http:\/\/b\/200\n$/);
    });

  it("requests each workload at its Service, with the document's or the configured health path", () => {
    const { api, web } = catalog.ams.workloads;
    assert.equal(
      addressesOf([
        { spec: api, settings: {} },
        { spec: web, settings: {} },
        { spec: web, settings: { healthPath: "/healthz" } },
      ]),
      [
        "healthy http://ams-api-service.ams.svc.cluster.local:4000/health/ready",
        "serving http://ams-web-service.ams.svc.cluster.local:80/",
        "healthy http://ams-web-service.ams.svc.cluster.local:80/healthz",
        "",
      ].join("\n"),
    );
  });
});
