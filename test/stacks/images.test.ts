import assert from "node:assert/strict";
import { images, mirrored } from "../../components/base/images";
import { chartImages, withMirrors } from "../../components/cluster/operators/chart-images";
import { mirrorRepositories } from "../../components/cluster/roles";
import { podImages } from "../support/images";
import { charts } from "../../standards/charts";
import { foundationIn } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

/** Every text in nested values. */
const textsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** Charts whose values name the registry themselves. */
const ownRegistry = ["grafana", "nack", "nats"];

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

  it("of charts come from the mirror of their registry, without changing other values", () => {
    const mirrors = { "quay.io": "1.dkr.ecr.example/quay" };
    assert.deepEqual(withMirrors("argo-rollouts", { controller: { replicas: 2 }, a: 1 }, mirrors), {
      controller: { replicas: 2, image: { registry: "1.dkr.ecr.example/quay" } },
      a: 1,
    });
    assert.deepEqual(withMirrors("keda", { a: 1 }, mirrors), { a: 1 });
    assert.deepEqual(Object.keys(charts).sort(), [...Object.keys(chartImages), ...ownRegistry].sort());
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
    it("have a cache in the account for every registry that charts and pods pull from", async () => {
      const { imageMirrors, account } = await settingsOf(stack);
      const { settings } = await foundationIn(account.id);
      const own = Object.values(images).map(({ image }) => image);
      const registries = new Set([...own, ...textsIn(chartImages)].map((name) => name.split("/")[0] ?? ""));
      // AWS' own registry, which doesn't limit pulls from AWS.
      registries.delete("public.ecr.aws");
      assert.deepEqual([...registries].sort(), Object.keys(imageMirrors).sort());
      for (const registry of registries) {
        const { prefix } = settings.images.caches[registry as "quay.io"] ?? assert.fail(registry);
        assert.ok(imageMirrors[registry as "quay.io"]?.endsWith(`.amazonaws.com/${prefix}`), registry);
      }
    });

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
          | Record<string, { image: { registry: string } }>
          | undefined;
      assert.equal(valuesOf("nats")?.global?.image.registry, hub);
      assert.equal(valuesOf("nack")?.jetstream?.image.registry, hub);
    });
  });
