import assert from "node:assert/strict";
import { images, mirrored } from "../../components/base/images";
import { mirrorRepositories } from "../../components/cluster/roles";
import { podImages } from "../support/images";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

describe("third-party images", () => {
  it("are pinned by version and digest", () => {
    for (const { image } of Object.values(images)) assert.match(image, /:v?\d[\w.-]+@sha256:[0-9a-f]{64}$/);
  });

  it("come from the mirror of their registry, and by their own name without one", () => {
    const mirrors = { "docker.io": "1.dkr.ecr.example/docker-hub" };
    assert.equal(
      mirrored("docker.io/library/postgres:17", mirrors),
      "1.dkr.ecr.example/docker-hub/library/postgres:17",
    );
    assert.equal(mirrored("quay.io/a/b:1", mirrors), "quay.io/a/b:1");
    assert.equal(mirrored("docker.io/library/postgres:17"), "docker.io/library/postgres:17");
  });

  it("are pulled by the nodes into the cache's repositories only", () => {
    const prefix = "111111111111.dkr.ecr.ap-northeast-2.amazonaws.com/docker-hub";
    assert.deepEqual(mirrorRepositories({ "docker.io": prefix }), [
      "arn:aws:ecr:ap-northeast-2:111111111111:repository/docker-hub/*",
    ]);
    assert.deepEqual(mirrorRepositories({ "docker.io": "mirror.example.com/hub" }), []);
  });
});

for (const stack of stacks)
  describe(`${stack}: images`, () => {
    it("are never pulled from Docker Hub", async () => {
      const recording = await recordingOf(stack);
      const { imageMirrors } = await settingsOf(stack);
      const hub = imageMirrors["docker.io"] ?? assert.fail("no mirror of Docker Hub");
      const found = podImages(recording);
      assert.ok(found.some((image) => image.startsWith(`${hub}/library/postgres:`)));
      assert.deepEqual(
        found.filter((image) => image.startsWith("docker.io/")),
        [],
      );
      const releases = recording.ofType("kubernetes:helm.sh/v3:Release");
      const valuesOf = (chart: string) =>
        releases.find(({ inputs }) => inputs.chart === chart)?.inputs.values as
          Record<string, { image: { registry: string } }> | undefined;
      assert.equal(valuesOf("nats")?.global?.image.registry, hub);
      assert.equal(valuesOf("nack")?.jetstream?.image.registry, hub);
    });
  });
