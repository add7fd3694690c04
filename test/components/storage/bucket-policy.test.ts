import assert from "node:assert/strict";
import { bucketGrants, bucketPolicy } from "../../../components/storage/bucket-policy";
import { context, keyArn } from "../data/fixture";
import { statementsOf } from "../../support/inputs";

const statements = statementsOf(bucketPolicy("b"));

describe("bucket policy", () => {
  it("denies requests without TLS, on the bucket and its objects", () => {
    const statement = statements.find(({ Sid }) => Sid === "TlsOnly");
    assert.equal(statement?.Effect, "Deny");
    assert.equal(statement?.Action, "s3:*");
    assert.deepEqual(statement?.Resource, ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]);
    assert.deepEqual(statement?.Condition, { Bool: { "aws:SecureTransport": "false" } });
  });

  it("denies uploads with encryption headers, and allows those without", () => {
    const statement = statements.find(({ Sid }) => Sid === "OwnKeyOnly");
    assert.equal(statement?.Effect, "Deny");
    assert.equal(statement?.Action, "s3:PutObject");
    // `false`: the key exists.
    assert.deepEqual(statement?.Condition, { Null: { "s3:x-amz-server-side-encryption": "false" } });
  });

  it("grants nothing: IAM does", () => {
    assert.deepEqual(
      statements.filter(({ Effect }) => Effect !== "Deny"),
      [],
    );
  });
});

describe("bucket grants", () => {
  const granted = (access: "read" | "read-write") =>
    bucketGrants("b", access, context(true), keyArn).flatMap(({ Action }) => Action as string[]);

  it("let a reader only read", () => {
    assert.deepEqual(granted("read"), [
      "s3:ListBucket",
      "s3:GetBucketLocation",
      "s3:GetObject",
      "kms:Decrypt",
    ]);
  });

  it("let a writer also write and delete", () => {
    const more = granted("read-write").filter((action) => !granted("read").includes(action));
    assert.deepEqual(more, [
      "s3:PutObject",
      "s3:DeleteObject",
      "s3:AbortMultipartUpload",
      "kms:GenerateDataKey",
    ]);
  });

  it("name their resources, and the key only through S3", () => {
    const all = bucketGrants("b", "read-write", context(true), keyArn);
    assert.deepEqual(
      all.map(({ Resource }) => Resource),
      ["arn:aws:s3:::b", "arn:aws:s3:::b/*", keyArn],
    );
    assert.deepEqual(all.at(-1)?.Condition, {
      StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" },
    });
  });
});
