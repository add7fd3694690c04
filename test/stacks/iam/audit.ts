import type { Settings } from "../../../config";
import { may, nameOf, wordsOf, type Words } from "./rights";

/** Beginnings of keys by log: what comes by log groups has one of its own. */
const prefixes: Readonly<Record<string, string>> = {
  cluster: "logs/",
  databases: "logs/",
  flows: "logs/",
  waf: "logs/",
  dns: "dns/",
  "load-balancer": "load-balancer",
  cdn: "cdn/",
};

const accessLogsOf = ({ prefix, account }: Words) =>
  `arn:aws:s3:::${nameOf("bucket", prefix, "access-logs", account)}`;

/** S3 copies what lies below these prefixes to the audit bucket, and nothing else. */
export function copies(
  words: Words,
  role: string,
  { bucket, key, prefixes: beginnings }: { bucket: string; key: string; prefixes: readonly string[] },
): string[] {
  const from = accessLogsOf(words);
  const below = (arn: string) => beginnings.map((prefix) => `${arn}/${prefix}*`);
  return [
    ...may("Service s3.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`),
    ...may(role, ["s3:GetReplicationConfiguration", "s3:ListBucket"], from),
    ...may(
      role,
      ["ForReplication", "Acl", "Tagging"].map((what) => `s3:GetObjectVersion${what}`),
      below(from),
    ),
    ...may(role, ["s3:ReplicateObject", "s3:ReplicateTags"], below(`arn:aws:s3:::${bucket}`)),
    ...may(role, ["kms:Encrypt", "kms:GenerateDataKey"], key, words.via("s3")),
  ];
}

/** CloudWatch Logs sends to the stream, and Firehose writes below its prefix. */
function stream(words: Words): string[] {
  const bucket = accessLogsOf(words);
  const [sender, writer] = ["role primary-audit-sender", "role primary-audit-writer"];
  return [
    ...may(`Service logs.${words.region}.amazonaws.com`, ["sts:AssumeRole"], `the role of ${sender}`, [
      "ArnLike",
      "aws:SourceArn",
      words.arn("logs", "*"),
    ]),
    ...may(
      sender,
      ["firehose:PutRecord", "firehose:PutRecordBatch"],
      words.arn("firehose", `deliverystream/${nameOf("deliveryStream", words.prefix, "audit-logs")}`),
    ),
    ...may("Service firehose.amazonaws.com", ["sts:AssumeRole"], `the role of ${writer}`, words.ofAccount),
    ...may(
      writer,
      ["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"].map((call) => `s3:${call}`),
      bucket,
    ),
    ...may(
      writer,
      ["AbortMultipartUpload", "GetObject", "PutObject"].map((call) => `s3:${call}`),
      `${bucket}/logs/*`,
    ),
  ];
}

/** What copies of an environment's logs imply. */
export function ofAudit(settings: Settings): string[] {
  const { audit } = settings;
  if (audit === undefined) return [];
  const words = wordsOf(settings);
  const beginnings = [...new Set(audit.logs.map((log) => prefixes[log] ?? ""))];
  return [
    ...(beginnings.includes("logs/") ? stream(words) : []),
    ...copies(words, "role primary-audit-replicator", { ...audit, prefixes: beginnings }),
  ];
}
