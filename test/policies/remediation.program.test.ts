import assert from "node:assert/strict";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policies/pack";
import { PackClient } from "./pack-client";
import { unknown } from "./scenario";

const secret = "4dabf18193072939515e22adb298388d";

describe("remediation", () => {
  let pack: PackClient;
  before(async () => (pack = await PackClient.start()));
  after(() => pack?.stop());

  const names = policies.flatMap((one) => ("remediateResource" in one ? [one.name] : []));
  const remediate = async (type: string, props: Record<string, JavaScriptValue>) => {
    const request = new proto.AnalyzeRequest()
      .setType(type)
      .setName("x")
      .setUrn(`urn:pulumi:t::t::${type}::x`);
    request.setProperties(Struct.fromJavaScript(props)).setOptions(new proto.AnalyzerResourceOptions());
    const response = await pack.remediate(request);
    return response.getRemediationsList().map((one) => ({
      policy: one.getPolicyname(),
      props: one.getProperties()?.toJavaScript(),
    }));
  };

  it("is supported by some policies, and off by default", async () => {
    assert.ok(names.length >= 5, names.join());
    for (const { name, level } of await pack.info()) assert.notEqual(level, "remediate", name);
    assert.deepEqual(await remediate("aws:kms/key:Key", {}), []);
  });

  describe("with a policy config file that enables it", () => {
    before(() =>
      pack.configure(Object.fromEntries(names.map((name) => [name, {}])), proto.EnforcementLevel.REMEDIATE),
    );

    it("sets missing or wrong values, and keeps all others, including secret and unknown values", async () => {
      const rest = {
        description: { [secret]: "1b47061264138c4ac30d75fd1eb44270", value: "s" },
        policy: unknown,
      };
      assert.deepEqual(await remediate("aws:kms/key:Key", { ...rest, enableKeyRotation: false }), [
        { policy: "kms-rotation", props: { ...rest, enableKeyRotation: true } },
      ]);
      assert.deepEqual(await remediate("aws:efs/backupPolicy:BackupPolicy", { fileSystemId: unknown }), [
        {
          policy: "efs-backup-enabled",
          props: { fileSystemId: unknown, backupPolicy: { status: "ENABLED" } },
        },
      ]);
    });

    it("doesn't change values that are correct or unknown, or that the policy doesn't apply to", async () => {
      assert.deepEqual(await remediate("aws:kms/key:Key", { enableKeyRotation: true }), []);
      assert.deepEqual(await remediate("aws:kms/key:Key", { enableKeyRotation: unknown }), []);
      assert.deepEqual(await remediate("aws:kms/key:Key", { keyUsage: "SIGN_VERIFY" }), []);
      assert.deepEqual(await remediate("aws:sqs/queue:Queue", {}), []);
    });
  });
});
