import assert from "node:assert/strict";
import type { Recording } from "../../../preview/run-program";
import { set } from "../../support/edits";
import { catalog, recordingOf, recordingWith } from "../../support/frozen";
import { objects } from "../../support/objects";
import { comesAfter, jobNames, named, podOf, podsOf } from "../../support/release";

describe("a release: what runs gates again", function () {
  const changed = async (changes: Record<string, unknown>) => {
    const before = jobNames(await recordingOf("staging"));
    const edited = await recordingWith("staging", (file) => {
      for (const [path, value] of Object.entries(changes)) set(path, value)(file);
    });
    return jobNames(edited)
      .filter((name) => !before.includes(name))
      .map((name) => name.replace(/^[^/]+\//, "").replace(/-[0-9a-f]{12}/, ""))
      .sort();
  };
  const gates = ["ams-migrate", "ams-preflight", "ams-seed", "ams-smoke-test", "ams-verify"];
  const workloads = "systems.ams.workloads";

  it("another image of the workload that migrates, for its own system", async () => {
    assert.deepEqual(await changed({ [`${workloads}.api.image`]: "ams-api:1.0.1" }), gates);
  });

  it("another image of another workload runs only the smoke test", async () => {
    assert.deepEqual(await changed({ [`${workloads}.web.image`]: "ams-web:1.0.1" }), ["ams-smoke-test"]);
  });

  it("another retry word, if nothing else has changed", async () => {
    const retried = await changed({ "systems.ams.gates.retry": "again" });
    assert.deepEqual(
      retried,
      gates.map((gate) => `${gate}-again`),
    );
  });

  it("and nothing else", async () => {
    const changes = {
      "systems.ams.env.LOG_LEVEL": "warn",
      "systems.ams.gates.deadlineSeconds": 60,
      [`${workloads}.worker.resources.limits.memory`]: "768Mi",
    };
    assert.deepEqual(await changed(changes), []);
  });

  it("on rollback, none of the gates: the schema stays, and the old image is released at once", async () => {
    const image = "ams-api:0.9.0";
    const recording = await recordingWith("staging", (file) => {
      for (const each of ["api", "worker"]) set(`${workloads}.${each}.image`, image)(file);
      set("systems.ams.gates.rollbackTo", image)(file);
    });
    const own = jobNames(recording).filter((name) => name.startsWith("ams/"));
    assert.deepEqual(
      own.map((name) => name.replace(/-[0-9a-f]{8,12}$/, "")),
      ["ams/ams-smoke-test"],
    );
    const named = [...recording.resources.values()].map(({ name }) => name);
    assert.ok(
      !named.some((name) => name.startsWith("primary-ams-gates")),
      "no backup, no login of the checks",
    );
    const api = podsOf(recording, catalog.ams.workloads.api);
    assert.match(podOf(api).containers[0]?.image ?? "", /ams-api:0\.9\.0$/);
    const ready = recording.one("kubernetes:batch/v1:Job", "primary-ams-postgres-roles-job");
    assert.ok(comesAfter(recording, api, ready), "it still waits for its database");
    assert.ok(jobNames(recording).some((name) => name.startsWith("tapwork/tapwork-migrate-")));
  });

  it("shows the start of the image's digest, if it has one", async () => {
    const image = `ams-api@sha256:${"0123456789ab".padEnd(64, "c")}`;
    const recording = await recordingWith("prod", set(`${workloads}.api.image`, image));
    assert.ok(jobNames(recording).includes("ams/ams-migrate-0123456789ab"));
  });
});

describe("a release: optional workloads", () => {
  const on = set("systems.tapwork.workloads.biometric", {
    image: "tapwork/biometric:v1.0.0",
    replicas: 1,
    minAvailable: 0,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  });
  const variables = (recording: Recording) =>
    [...objects(recording, "ConfigMapPatch")].find(([name]) =>
      name.startsWith("tapwork/tapwork-config-"),
    )?.[1].manifest.data;

  it("don't exist if the stack file omits them", async () => {
    const recording = await recordingOf("prod");
    assert.ok(!JSON.stringify([...recording.resources.values()]).includes("biometric"));
    assert.equal(variables(recording)?.BIOMETRIC_URL, undefined);
  });

  it("are like any other if it has them: callers reach them, and they are tested", async () => {
    const recording = await recordingWith("prod", on);
    assert.equal(
      variables(recording)?.BIOMETRIC_URL,
      "http://biometric-service.tapwork.svc.cluster.local:8000",
    );
    const policy = (name: string) =>
      JSON.stringify(objects(recording, "NetworkPolicy").get(`tapwork/${name}`)?.manifest.spec);
    assert.match(policy("tapwork-api"), /tapwork-biometric/);
    assert.match(policy("tapwork-biometric"), /"tapwork-api"/);
    assert.doesNotMatch(policy("tapwork-biometric"), /"tapwork-scanner"/);
    assert.match(policy("tapwork-smoke-test"), /tapwork-biometric/);
  });
});

describe("a release: images that are built", () => {
  let once: Promise<Recording> | undefined;
  const context = "test/components/workload/fixtures/app";
  const built = () =>
    (once ??= recordingWith(
      "staging",
      set("systems.ams.workloads.api.build", { context, target: "app", args: { VERSION: "1" } }),
    ));

  it("are built under their names, for the nodes' architecture", async () => {
    const { inputs, parent = "" } = (await built()).one("docker:index/image:Image");
    assert.equal(inputs.imageName, "222222222222.dkr.ecr.ap-northeast-2.amazonaws.com/ams-api:1.0.0");
    assert.deepEqual(inputs.build, {
      args: { BUILDKIT_INLINE_CACHE: "1", VERSION: "1" },
      builderVersion: "BuilderBuildKit",
      cacheFrom: { images: [] },
      context,
      dockerfile: `${context}/Dockerfile`,
      platform: "linux/amd64",
      target: "app",
    });
    assert.equal(inputs.buildOnPreview, false);
    assert.match(
      parent,
      /plinth:release:Images::primary-ams-images$/,
      "outside of what waits for the cluster",
    );
  });

  it("run by the digest that the registry returns, in all workloads and gates that share the image", async () => {
    const recording = await built();
    const image = recording.one("docker:index/image:Image");
    for (const name of ["ams-api-release-rollout", "ams-worker-deployment", "ams-gates-migrate-job"]) {
      const resource = named(recording, name);
      assert.ok(resource.dependencies.includes(image.urn), name);
      assert.doesNotMatch(JSON.stringify(podOf(resource)), /ams-api:1\.0\.0/, name);
    }
    assert.ok(!named(recording, "ams-web-release-rollout").dependencies.includes(image.urn));
  });

  it("name gates before they are built, by their sources", async () => {
    const plain = jobNames(await recordingOf("staging"));
    const job = jobNames(await built()).find((name) => name.startsWith("ams/ams-migrate-"));
    assert.match(job ?? "", /^ams\/ams-migrate-[0-9a-f]{12}$/);
    assert.ok(!plain.includes(job ?? ""));
  });
});
