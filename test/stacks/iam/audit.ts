import { secondRegion, standbyPrefix, type Settings } from "../../../config";
import { cdnRegion } from "../../../components/edge/cdn";
import { may, nameOf, wordsOf, type Words } from "./rights";

/** Key prefixes by log; log groups share one. */
const prefixes: Readonly<Record<string, string>> = {
  cluster: "logs/",
  databases: "logs/",
  search: "logs/",
  flows: "logs/",
  waf: "logs/",
  dns: "dns/",
  "load-balancer": "load-balancer",
  cdn: "cdn/",
};

const accessLogsOf = ({ prefix, account }: Words) =>
  `arn:aws:s3:::${nameOf("bucket", prefix, "access-logs", account)}`;

/**
 * S3 copies only these prefixes to the audit bucket.
 *
 * @param there Terms of the audit bucket's region.
 */
export function copies(
  words: Words,
  role: string,
  { bucket, key, prefixes: beginnings }: { bucket: string; key: string; prefixes: readonly string[] },
  there: Words = words,
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
    ...may(role, ["kms:Encrypt", "kms:GenerateDataKey"], key, there.via("s3")),
  ];
}

/** CloudWatch Logs of these regions sends to the stream, and Firehose writes below its prefix. */
function stream(words: Words, name: string, regions: readonly string[]): string[] {
  const bucket = accessLogsOf(words);
  const [sender, writer] = [`role ${name}-sender`, `role ${name}-writer`];
  return [
    ...regions.flatMap((region) =>
      may(`Service logs.${region}.amazonaws.com`, ["sts:AssumeRole"], `the role of ${sender}`, [
        "ArnLike",
        "aws:SourceArn",
        ...regions.map((from) => words.arn("logs", "*", from)),
      ]),
    ),
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

/** Logs that the second region lacks: of the CDN, of the search domain, and of a cluster if there is none. */
const notInSecond = ({ standby }: Settings, warm: boolean): readonly string[] =>
  standby === undefined
    ? Object.keys(prefixes)
    : warm
      ? ["cdn", "search"]
      : ["cdn", "search", "cluster", "waf", "load-balancer"];

/** Grants implied by copies of an environment's logs, in each region. */
export function ofAudit(settings: Settings): string[] {
  const { audit, account, edge } = settings;
  if (audit === undefined) return [];
  const first = wordsOf(settings);
  const lines = (name: string, words: Words, logs: readonly string[], regions: readonly string[]) => {
    const beginnings = [...new Set(logs.map((log) => prefixes[log] ?? ""))];
    return beginnings.length === 0
      ? []
      : [
          ...(beginnings.includes("logs/") ? stream(words, name, regions) : []),
          ...copies(words, `role ${name}-replicator`, { ...audit, prefixes: beginnings }, first),
        ];
  };
  const withCdn = audit.logs.includes("waf") && edge.cdn !== undefined;
  const absent = notInSecond(settings, secondRegion(settings) !== undefined);
  const region = settings.standby?.region ?? account.region;
  const second = wordsOf({
    prefix: standbyPrefix(settings),
    account: { ...account, region: region as typeof account.region },
  });
  return [
    ...lines("primary-audit", first, audit.logs, [account.region, ...(withCdn ? [cdnRegion] : [])]),
    ...lines(
      "standby-audit",
      second,
      audit.logs.filter((log) => !absent.includes(log)),
      [region],
    ),
  ];
}
