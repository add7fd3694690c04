import { grantsOf } from "../../support/iam/grants";
import type { Recording } from "../../../preview/run-program";

/** Denials in each policy of a type: its service, without TLS. */
const withoutTls: Readonly<Record<string, string>> = {
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "*",
  "aws:s3/bucketPolicy:BucketPolicy": "s3:*",
  "aws:sns/topicPolicy:TopicPolicy": "sns:Publish",
  "aws:sqs/queuePolicy:QueuePolicy": "sqs:*",
};

/** Buckets that AWS services write to, with the encryption that they request. */
const writtenByServices = /-(access-logs|audit|vault-reports|reports)-policy$/;

/** Denials to all principals, one line each: `uploads-policy: s3:PutObject if null …`. */
export const denialsIn = (recording: Recording): string[] =>
  grantsOf(recording)
    .filter(({ type, statement }) => type in withoutTls && !statement.allows)
    .flatMap(({ name, statement: { actions, principals, tests } }) =>
      actions.map(
        (action) =>
          `${name}: ${principals.map(({ value }) => value).join()} may not ${action} if ${tests
            .map(({ operator, key, values }) => `${operator} ${key} ${values.join("|")}`)
            .join(" and ")}`,
      ),
    )
    .sort();

/** Every policy denies requests without TLS; a bucket's also uploads that choose an encryption. */
export const impliedDenials = (recording: Recording): string[] =>
  Object.entries(withoutTls)
    .flatMap(([type, action]) =>
      recording
        .ofType(type)
        .flatMap(({ name }) => [
          `${name}: * may not ${action} if bool aws:securetransport false`,
          ...(type.startsWith("aws:s3/") && !writtenByServices.test(name)
            ? [`${name}: * may not s3:PutObject if null s3:x-amz-server-side-encryption false`]
            : []),
        ]),
    )
    .sort();
