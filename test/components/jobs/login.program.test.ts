import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loginScript, loginSeconds } from "../../../components/jobs/preflight-script";

/** Runs the script with a clock that moves while it sleeps, and a psql that connects after this many seconds. */
function login(letsInAfter: number, checks = 0) {
  const folder = mkdtempSync(join(tmpdir(), "plinth-login-"));
  const stub = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
    chmodSync(join(folder, name), 0o755);
  };
  try {
    const clock = join(folder, "clock");
    writeFileSync(clock, "0");
    stub("date", `cat ${clock}\n`);
    stub("sleep", `echo $(($(cat ${clock}) + $1)) > ${clock}\n`);
    stub(
      "psql",
      `case "$*" in
  *--file*) echo "checked $*"; exit ${checks};;
esac
[ "$(cat ${clock})" -ge ${letsInAfter} ] && exit 0
echo "FATAL:  This RDS proxy has no credentials" >&2
exit 2
`,
    );
    const env = { PATH: `${folder}:${process.env.PATH ?? ""}`, PGHOST: "proxy.test", PGUSER: "ams_a" };
    const { status, stdout } = spawnSync("sh", ["-c", loginScript, "sh", "/job/x.sql"], {
      env,
      encoding: "utf8",
    });
    return { status, said: stdout.trimEnd().split("\n") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("pre-flight checks: the login", () => {
  it("is retried while a new proxy initializes", () => {
    const { status, said } = login(300);
    assert.equal(status, 0);
    assert.equal(said.length, 31);
    assert.match(said[0] ?? "", /Login failed, retrying .*new RDS Proxy.*no credentials$/);
    assert.match(said.at(-1) ?? "", /^checked .*--file \/job\/x\.sql$/);
  });

  it("fails after ten minutes, with the server's message", () => {
    assert.equal(loginSeconds, 600);
    const { status, said } = login(601);
    assert.equal(status, 1);
    assert.match(said.at(-1) ?? "", /^Login to proxy\.test as ams_a failed for 10 minutes.*no credentials$/);
    assert.ok(!said.some((line) => line.startsWith("checked")));
  });

  it("isn't retried after a failed check", () => {
    assert.deepEqual(login(0, 3), { status: 3, said: ["checked --no-psqlrc --quiet --file /job/x.sql"] });
  });
});
