import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { backedUpKinds, listPaths, listRules } from "../../../components/cluster/configuration/kinds";
import { configurationFiles } from "../../../components/cluster/configuration/scripts";
import { faultsOf, itRefuses, set } from "../../support/edits";
import { recordingOf } from "../../support/recordings";
import { stacks } from "../../support/stacks";
import { installed, scratch } from "../../compose/programs";
import { needs } from "../../support/needs";
import { BucketLab } from "../jobs/bucket-lab";

const managed = { managedFields: [{ manager: "pulumi" }] };

describe("backup of the configuration", () => {
  let lab: BucketLab;
  let server: Server;
  let answers: Record<string, { readonly code: number; readonly body: unknown }>;

  before(function () {
    needs(
      this,
      ["curl", "jq", "openssl"].find((program) => !installed(program)),
    );
  });
  beforeEach(async () => {
    answers = {};
    const folder = scratch();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=kubernetes", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject];
    execFileSync("openssl", [...made, "-keyout", key, "-out", cert], { stdio: "pipe" });
    const files = { key: readFileSync(key), cert: readFileSync(cert) };
    server = createServer(files, ({ url = "", headers }, response) => {
      const { code, body } = answers[url] ?? { code: 404, body: {} };
      response.statusCode = headers.authorization === "Bearer secret-token" ? code : 401;
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    lab = new BucketLab(
      configurationFiles,
      { as: {}, path: [] },
      {
        PREFIX: "cluster",
        METRIC: "ConfigurationBackedUp",
        DIMENSIONS: "Environment=plinth-prod",
        KUBERNETES: `127.0.0.1:${port}`,
        REGIONS: "ap-northeast-2 us-east-1",
      },
    );
    writeFileSync(join(lab.folder, "token"), "secret-token");
    writeFileSync(join(lab.folder, "ca.crt"), files.cert);
  });
  afterEach(() => {
    server.close();
    lab.end();
  });

  const backup = () => lab.inTurn(["export.sh", "upload.sh"], { ACCOUNT: lab.folder });

  it("has a file for each kind of the cluster, one for each region's certificates, and their checksums", async () => {
    const pod = { metadata: { name: "api-0", ...managed } };
    answers["/api/v1/pods"] = { code: 200, body: { kind: "PodList", items: [pod] } };
    answers["/apis/apps/v1/deployments"] = { code: 200, body: { kind: "DeploymentList", items: [] } };
    const { code, output } = await backup();
    assert.equal(code, 0, output);
    const [place = ""] = lab.keys.map((key) => key.split("/").slice(0, 3).join("/"));
    assert.match(place, /^cluster\/\d{4}-\d\d-\d\d\/\d{6}$/);
    assert.deepEqual(
      lab.keys.map((key) => key.slice(place.length + 1)),
      [
        "SHA256SUMS",
        ...["certificates/ap-northeast-2.json", "certificates/us-east-1.json"],
        ...["kubernetes/api_v1_pods.json", "kubernetes/apis_apps_v1_deployments.json"],
      ],
    );
    const text = (key: string) => readFileSync(lab.path(`${place}/${key}`), "utf8");
    assert.deepEqual(JSON.parse(text("kubernetes/api_v1_pods.json")), {
      kind: "PodList",
      items: [{ metadata: { name: "api-0" } }],
    });
    assert.match(text("certificates/us-east-1.json"), /us-east-1/);
    assert.equal(text("SHA256SUMS").trim().split("\n").length, 4);
    assert.deepEqual(lab.metrics, ["Plinth/Backups ConfigurationBackedUp 1 Environment=plinth-prod"]);
    assert.doesNotMatch(output, /secret-token/);
  });

  it("fails when the API server refuses a list, and uploads nothing", async () => {
    answers["/api/v1/configmaps"] = { code: 403, body: { message: "configmaps is forbidden" } };
    const { code, output } = await backup();
    assert.equal(code, 1);
    assert.match(output, /api\/v1\/configmaps: 403 .*forbidden/);
    assert.deepEqual(lab.keys, []);
  });

  it("exports every kind that a stack creates except Secrets, with permission to list only those", async () => {
    for (const stack of stacks) {
      const made = [...(await recordingOf(stack)).resources.values()]
        .map(({ type }) => /^kubernetes:(?:core\/)?(.+):(\w+?)(?:Patch)?$/.exec(type))
        .flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""] as const]))
        .filter(([version, kind]) => version !== "helm.sh/v3" && kind !== "Secret");
      for (const [version, kind] of made)
        assert.ok(backedUpKinds[version]?.[kind], `${stack}: ${version} ${kind}`);
    }
    assert.ok(listPaths.includes("apis/karpenter.sh/v1/nodepools") && !listPaths.includes("api/v1/secrets"));
    for (const { resources, verbs } of listRules)
      assert.ok(!resources.includes("secrets") && verbs.join() === "list");
  });

  it("can only add to a bucket with locked objects, and raises an alarm after a day without a backup", async () => {
    const recording = await recordingOf("prod");
    const lock = recording.one(
      "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
      "primary-configuration-lock",
    ).inputs;
    assert.deepEqual(lock.rule, { defaultRetention: { mode: "GOVERNANCE", days: 90 } });
    const { policy } = recording.one(
      "aws:iam/rolePolicy:RolePolicy",
      "primary-configuration-access-policy",
    ).inputs;
    const actions = (policy as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
      ({ Action }) => Action,
    );
    assert.deepEqual(actions, [
      ...["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket", "kms:Decrypt", "kms:GenerateDataKey"],
      ...["cloudwatch:PutMetricData", "acm:ListCertificates"],
    ]);
    const alarm = recording.one(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "primary-configuration-missing",
    ).inputs;
    assert.deepEqual([alarm.evaluationPeriods, alarm.treatMissingData], [26, "breaching"]);
  });

  it("isn't locked in a disposable environment", async () => {
    const edit = set("backups", { configuration: { hour: 18, keepDays: 7 } });
    assert.match(
      (await faultsOf("dev", edit)).message,
      /backups\.configuration.*locked exports can't be deleted/,
    );
  });

  itRefuses([
    {
      what: "an export that could be deleted within a week",
      edit: set("backups.configuration.keepDays", 3),
      path: "backups.configuration.keepDays",
      says: /7/,
    },
  ]);
});
