import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { root, stubsFor } from "./stubs";

const registry = "333333333333.dkr.ecr.ap-northeast-2.amazonaws.com";

describe("images", () => {
  const stubs = stubsFor("jq");
  beforeEach(() => {
    stubs.command("aws", "echo password");
    stubs.command("docker", "cat > /dev/null");
    stubs.command("skopeo", "");
    stubs.command(
      "cosign",
      `case "$1 $*" in
        login*) cat > /dev/null ;;
        verify*unsigned*) echo "no signatures found" >&2; exit 10 ;;
      esac`,
    );
  });

  it("image.yml: pushes by digest, signs, and then tags the image", () => {
    const { jobs } = parse(readFileSync(join(root, ".github/workflows/image.yml"), "utf8")) as {
      jobs: { push: { steps: { run?: string }[] } };
    };
    const script = jobs.push.steps.map(({ run = "" }) => run).join("\n");
    execFileSync("bash", ["-euo", "pipefail", "-c", script], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: [stubs.folder, process.env.PATH].join(delimiter),
        AWS_REGION: "ap-northeast-2",
        IMAGE: `${registry}/ams-api`,
        VERSION: "1.2.0",
        DIGEST: "sha256:0a",
        RUNNER_TEMP: "/temp",
        GITHUB_STEP_SUMMARY: join(stubs.folder, "summary"),
      },
    });
    // Both ends of a pipe run at once.
    assert.deepEqual(stubs.calls.slice(0, 2).sort(), [
      "aws ecr get-login-password --region ap-northeast-2",
      `docker login --username AWS --password-stdin ${registry}`,
    ]);
    const copy = "skopeo copy --all --preserve-digests";
    assert.deepEqual(stubs.calls.slice(2), [
      `${copy} oci-archive:/temp/image.tar docker://${registry}/ams-api@sha256:0a`,
      `cosign sign --yes ${registry}/ams-api@sha256:0a`,
      `${copy} docker://${registry}/ams-api@sha256:0a docker://${registry}/ams-api:1.2.0`,
    ]);
    assert.match(stubs.read("summary"), /ams-api:1\.2\.0@sha256:0a/);
  });

  describe("verify-images", () => {
    const verify = (images: readonly string[], signer = "acme/plinth") => {
      const containers = images.map((image) => ({ image }));
      const inputs = { spec: { template: { spec: { containers } } } };
      stubs.write("plan", JSON.stringify({ resources: [{ inputs }, { inputs: { image: { tag: "1" } } }] }));
      stubs.command("npm", 'cat "$HERE/plan"');
      return stubs.run("verify-images", ["prod"], { env: { IMAGE_SIGNER: signer } });
    };
    const verified = () => stubs.calls.filter((call) => call.startsWith("cosign verify"));

    it("verifies the signature of each image of our own, once", async () => {
      const own = `${registry}/ams-api:1.2.0`;
      const cached = `${registry}/docker-hub/library/postgres:18@sha256:1`;
      const { code, out } = await verify([own, own, cached, "public.ecr.aws/x/y:1"]);
      assert.deepEqual([code, out], [0, `ok       ${own}\n`]);
      assert.deepEqual(verified(), [
        `cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com ${String.raw`--certificate-identity-regexp ^https://github\.com/acme/plinth/\.github/workflows/image\.yml@`} ${own}`,
      ]);
    });

    it("fails for an unsigned image, after checking the others", async () => {
      const { code, out, err } = await verify([`${registry}/unsigned:1`, `${registry}/zebra:1`]);
      assert.equal(code, 1);
      assert.match(err, /FAILED {3}\S+\/unsigned:1: no signatures found/);
      assert.match(out, /ok {7}\S+\/zebra:1/);
    });

    it("says that nothing is verified if no signer is configured", async () => {
      const { code, err } = await verify([`${registry}/unsigned:1`], "");
      assert.deepEqual([code, verified()], [0, []]);
      assert.match(err, /aren't verified/);
    });

    it("fails if the stack can't be previewed, but not for policy findings", async () => {
      stubs.command("npm", "exit 2");
      const run = () => stubs.run("verify-images", ["prod"], { env: { IMAGE_SIGNER: "acme/plinth" } });
      assert.equal((await run()).code, 2);
      stubs.command("npm", `echo '{"resources": []}'; exit 1`);
      assert.equal((await run()).code, 0);
    });
  });
});
