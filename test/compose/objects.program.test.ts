import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, Program, untilReady } from "../cluster/processes";
import { files } from "./fixture";
import { built, installed, missing, parsed, scratch, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

describe("the local tier's object store on the real server", function () {
  let file: ParsedFile;
  let server: Program;
  let folder: string;
  let port: number;

  before(async function () {
    needs(this, missing("compose-config", "versitygw") ?? (installed("curl") ? undefined : "curl"));
    file = parsed(await files("ams"));
    folder = scratch();
    for (const part of ["data", "versions", "job"]) mkdirSync(join(folder, part));
    const [api = 0, page = 0] = await freePorts(2);
    port = api;
    const { command, environment } = file.services.s3 ?? { command: [] };
    const args = (command ?? []).map((each) => each.replace(/^\/(data|versions)$/, `${folder}/$1`));
    server = new Program(built("versitygw").file, args, folder, {
      ...environment,
      VGW_PORT: `127.0.0.1:${api}`,
      VGW_WEBUI_PORT: `127.0.0.1:${page}`,
      VGW_VIRTUAL_DOMAIN: `${environment?.VGW_VIRTUAL_DOMAIN?.replace(/:\d+$/, "") ?? ""}:${api}`,
    });
    await untilReady(
      server,
      async () => assert.ok((await fetch(`http://127.0.0.1:${api}/health`)).ok),
      20_000,
    );
  });
  after(() => server?.stop());

  const makeBuckets = (changed: Readonly<Record<string, string>> = {}) => {
    const text = (config: string) => file.configs[config]?.content ?? "";
    writeFileSync(join(folder, "job", "buckets"), text("s3-buckets-list"));
    const script = text("s3-buckets-script").replaceAll("/job/", `${folder}/job/`);
    return spawnSync("sh", ["-c", script], {
      encoding: "utf8",
      env: {
        PATH: process.env.PATH ?? "",
        ...file.services["s3-buckets"]?.environment,
        S3_URL: `http://127.0.0.1:${port}`,
        ...changed,
      },
    });
  };

  /** Sends a request as a workload does: with its keys, and the bucket in the host name. */
  const ask = (method: string, host: string, path: string, ...more: string[]) => {
    const {
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: region,
    } = file.services.api?.environment ?? {};
    const { stdout } = spawnSync(
      "curl",
      [
        ...["--silent", "--include", "--request", method, "--aws-sigv4", `aws:amz:${region}:s3`],
        ...["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"],
        ...["--user", `${id}:${secret}`, "--resolve", `${host}:${port}:127.0.0.1`, ...more],
        `http://${host}:${port}${path}`,
      ],
      { encoding: "utf8" },
    );
    return { status: Number(/^HTTP\S+ (\d+)/.exec(stdout)?.[1]), text: stdout };
  };

  it("has the cloud's buckets, versioned, and the job can run again", () => {
    for (let times = 0; times < 2; times++) {
      const { status, stdout } = makeBuckets();
      assert.equal(status, 0, stdout);
    }
    const { text } = ask("GET", "s3.ams.localhost", "/");
    assert.deepEqual(
      [...text.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name),
      ["ams-backups", "ams-objects"],
    );
    assert.match(ask("GET", "ams-objects.s3.ams.localhost", "/?versioning=").text, /Enabled/);
  });

  it("stores objects under the bucket name of the workload's variables, at the bucket's host", () => {
    makeBuckets();
    const { S3_BUCKET = "", AWS_ENDPOINT_URL_S3 = "" } = file.services.api?.environment ?? {};
    const host = `${S3_BUCKET}.${new URL(AWS_ENDPOINT_URL_S3).hostname}`;
    assert.ok(file.services.s3?.networks["ams-network"]?.aliases?.includes(host), host);
    assert.equal(ask("PUT", host, "/note", "--data-binary", "hello").status, 200);
    assert.match(ask("GET", host, "/note").text, /hello$/);
  });

  it("allows uploads only from pages on the system's hosts", async () => {
    makeBuckets();
    const preflight = async (origin: string) =>
      (
        await fetch(`http://127.0.0.1:${port}/ams-objects/note`, {
          method: "OPTIONS",
          headers: { Origin: origin, "Access-Control-Request-Method": "PUT" },
        })
      ).headers.get("access-control-allow-origin");
    assert.equal(await preflight("http://app.ams.localhost"), "http://app.ams.localhost");
    assert.notEqual(await preflight("http://elsewhere.example"), "http://elsewhere.example");
  });

  it("refuses a wrong key, which the job reports", () => {
    const { status, stdout } = makeBuckets({ AWS_SECRET_ACCESS_KEY: "another" });
    assert.notEqual(status, 0);
    assert.match(stdout, /FAILED 403/);
  });
});
