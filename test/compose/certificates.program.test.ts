import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { certify } from "./certify";
import { installed, scratch } from "./programs";
import { needs } from "../support/needs";

describe("the certificates of the local tier", function () {
  before(function () {
    needs(this, installed("openssl") && process.getuid?.() === 0 ? undefined : "openssl, or not root");
  });

  const verifies = (folder: string, server: string, host: string) =>
    spawnSync("openssl", [
      ...["verify", "-CAfile", join(folder, "authority", "bundle.pem"), "-verify_hostname", host],
      ...["-purpose", "sslserver", join(folder, "certificates", server, "tls.crt")],
    ]).status === 0;

  it("are valid only for the servers' names, and only the server can read its key", () => {
    const folder = scratch();
    certify(folder, "postgres 70 postgres,localhost\nnats 0 nats,nats.opmas-core.svc.cluster.local\n");
    assert.ok(verifies(folder, "postgres", "postgres"));
    assert.ok(verifies(folder, "nats", "nats.opmas-core.svc.cluster.local"));
    assert.ok(!verifies(folder, "postgres", "nats"));
    const { mode, uid } = statSync(join(folder, "certificates", "postgres", "tls.key"));
    assert.deepEqual([mode & 0o777, uid], [0o600, 70]);
  });

  it("are kept when the script runs again, except for a server with other names; the authority is always kept", () => {
    const folder = scratch();
    const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
    certify(folder, "postgres 70 postgres\nnats 0 nats\n");
    const [authority, one, other] = [
      read("authority", "ca.crt"),
      read("certificates", "postgres", "tls.crt"),
      read("certificates", "nats", "tls.crt"),
    ];
    certify(folder, "postgres 70 postgres\nnats 0 nats,broker\n");
    assert.equal(read("authority", "ca.crt"), authority);
    assert.equal(read("certificates", "postgres", "tls.crt"), one);
    assert.notEqual(read("certificates", "nats", "tls.crt"), other);
    assert.ok(verifies(folder, "nats", "broker"));
  });
});
