import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { untilAdmitted } from "../../../components/cluster/admission";
import { apiServerCertificate, fakeAws, startApiServer, type ApiServer } from "../../support/api-server";

describe("the wait for the API server", () => {
  const before = process.env.PATH;
  let folder: string;
  let server: ApiServer | undefined;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "plinth-admission-"));
    fakeAws(folder);
    process.env.PATH = `${folder}${path.delimiter}${before}`;
  });
  afterEach(() => {
    process.env.PATH = before;
    server?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  const wait = (endpoint: string, limit = 20_000) =>
    untilAdmitted(
      {
        name: "plinth-test",
        region: "ap-northeast-2",
        endpoint,
        certificateAuthority: apiServerCertificate.toString("base64"),
      },
      { limit, pause: 5 },
    );
  const started = async (...answers: number[]) =>
    (server = await startApiServer((question) => answers[question - 1] ?? 200));

  it("ends at once if access is granted, after several successes in a row", async () => {
    const { url, tokens } = await started();
    await wait(url);
    assert.equal(tokens.length, 3);
  });

  it("retries with a new token while it isn't authenticated or authorized", async () => {
    const { url, tokens } = await started(401, 401, 403, 200, 401);
    await wait(url);
    assert.equal(tokens.length, 8);
    assert.equal(new Set(tokens).size, 5);
    assert.match(tokens[0] ?? "", /^Bearer token-\d+$/);
  });

  it("fails at the time limit, and says what to check", async () => {
    server = await startApiServer(() => 401);
    await assert.rejects(
      wait(server.url, 100),
      /cluster plinth-test \(https:\/\/127.*: 401 Unauthorized\. .*plinth:cluster\.access/,
    );
  });

  it("waits for a server that doesn't exist yet, and names the failed connection", async () => {
    const { url, stop } = await started();
    stop();
    await assert.rejects(wait(url, 100), /ECONNREFUSED.*publicAccessCidrs/);
  });

  it("trusts only the cluster's certificate authority", async () => {
    const { url } = await started();
    const other = { name: "plinth-test", region: "x", endpoint: url, certificateAuthority: "" };
    await assert.rejects(untilAdmitted(other, { limit: 50, pause: 5 }), /self-signed certificate/);
  });

  it("doesn't wait if it gets no token, and says why", async () => {
    const { url } = await started();
    fakeAws(folder, "The SSO session has expired");
    await assert.rejects(wait(url), /No token for cluster plinth-test: .*The SSO session has expired/);
    process.env.PATH = "/nowhere";
    await assert.rejects(wait(url), /Install version 2 of the AWS CLI/);
  });
});
