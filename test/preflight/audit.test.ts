import assert from "node:assert/strict";
import { auditBucket } from "../../preflight/checks/audit";
import { AwsError } from "../../preflight/world";
import { drop, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

const key = "arn:aws:kms:ap-northeast-2:333333333333:key/1";
const bucket = "plinth-audit-333333333333";
const refused = (code: string) => new AwsError(code, `message of ${code}`);

const encryptedWith = (KMSMasterKeyID?: string) => ({
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID } }],
  },
});

const lock = (DefaultRetention?: object) => ({
  ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
});

const owned = `--bucket ${bucket} --expected-bucket-owner 333333333333`;
const head = `s3api head-bucket ${owned}`;
const locked = `s3api get-object-lock-configuration ${owned}`;
const encrypted = `s3api get-bucket-encryption ${owned}`;
const described = `kms describe-key --key-id ${key}`;

const good: Readonly<Record<string, unknown>> = {
  [head]: { BucketRegion: "ap-northeast-2" },
  [locked]: lock({ Mode: "COMPLIANCE", Days: 365 }),
  [encrypted]: encryptedWith(key),
  [described]: { KeyMetadata: { Arn: key, KeyState: "Enabled" } },
};

/** Findings in an account with these answers. */
async function found(answers: Readonly<Record<string, unknown>> = {}, audited = true): Promise<string> {
  const settings = await settingsOf(
    "prod",
    audited ? set("audit", { bucket, key, logs: ["flows"] }) : drop("audit"),
  );
  const all = { ...good, ...answers };
  const findings = await auditBucket(
    { settings, ofType: () => [], images: [] },
    {
      aws: (...args) => {
        const answer = all[args.join(" ")];
        assert.ok(answer !== undefined, args.join(" "));
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
      },
      nameServers: () => Promise.resolve([]),
      dockerHubPulls: () => Promise.resolve(undefined),
    },
  );
  return findings.map((one) => `${one.level} ${one.about}: ${one.found}. ${one.todo}`).join("\n");
}

describe("preflight: the audit bucket", () => {
  it("passes if it is locked and has the key, by ARN or id, or if none is named", async () => {
    assert.equal(await found(), "");
    assert.equal(await found({ [encrypted]: encryptedWith("1") }), "");
    assert.equal(await found({}, false), "");
  });

  for (const [what, answers, says] of [
    [
      "isn't there",
      { [head]: refused("404") },
      /^stops plinth:audit\.bucket: plinth-audit-\d+ doesn't exist/,
    ],
    [
      "is somebody else's",
      { [head]: refused("403") },
      /can't be reached \(403\): another account may have it/,
    ],
    [
      "is in another region",
      { [head]: { BucketRegion: "us-east-1" } },
      /is in us-east-1, not in ap-northeast-2\. deploy the foundation/,
    ],
    [
      "has no lock",
      { [locked]: refused("ObjectLockConfigurationNotFoundError") },
      /no object lock with a default retention/,
    ],
    ["locks nothing by default", { [locked]: lock() }, /no object lock with a default retention/],
    [
      "has another key",
      { [encrypted]: encryptedWith(`${key}23`) },
      /^stops plinth:audit\.key: the bucket is encrypted with .*key\/123, not with .*key\/1\./,
    ],
    ["has no key", { [encrypted]: encryptedWith() }, /encrypted with S3's own key/],
    [
      "names a key that isn't there",
      { [described]: refused("NotFoundException") },
      /^stops plinth:audit\.key: .* doesn't exist/,
    ],
    [
      "names a key that goes",
      { [described]: { KeyMetadata: { Arn: key, KeyState: "PendingDeletion" } } },
      /^stops plinth:audit\.key: .* is PendingDeletion/,
    ],
  ] as const)
    it(`fails if it ${what}`, async () => {
      assert.match(await found(answers), says);
    });

  it("names the role that can't read it", async () => {
    await assert.rejects(found({ [locked]: refused("AccessDenied") }), /AccessDenied/);
    await assert.rejects(found({ [described]: refused("AccessDeniedException") }), /AccessDeniedException/);
  });
});
