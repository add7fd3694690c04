import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";
import { GeneratedSecret } from "../../../components/security/generated-secret";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { context, named } from "../network/fixture";

const make = (version?: number): Promise<Recording> =>
  previewProgram(() => {
    const settings = version === undefined ? {} : { version };
    new GeneratedSecret(
      "jwt",
      { context: context(), system: "shop", store: "jwt", keys: ["secret"], keyArn: "key", ...settings },
      {
        providers: {
          random: new random.Provider("random"),
          aws: new aws.Provider("aws", { region: "ap-northeast-2" }),
        },
      },
    );
  });
const passwords = (recording: Recording) =>
  recording.ofType("random:index/randomPassword:RandomPassword").map(({ name }) => name);

describe("Generated secrets", () => {
  it("include the previous and the next secret, so pods of two versions accept each other's tokens", async () => {
    const [first, second] = [await make(1), await make(2)];
    assert.deepEqual(passwords(first), ["jwt-secret-1", "jwt-secret-2"]);
    assert.deepEqual(passwords(second), ["jwt-secret-1", "jwt-secret-2", "jwt-secret-3"]);
    const entry = second.one("aws:secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(
      named(second, entry.propertyDependencies.secretString ?? []).sort(),
      passwords(second).map((name) => `RandomPassword ${name}`),
    );
  });

  it("share all but one value between consecutive versions", async () => {
    const [one, other] = [passwords(await make(3)), passwords(await make(4))];
    assert.deepEqual(
      other.filter((name) => !one.includes(name)),
      ["jwt-secret-5"],
    );
  });

  it("have one value without a version", async () => {
    assert.deepEqual(passwords(await make()), ["jwt-secret"]);
  });
});
