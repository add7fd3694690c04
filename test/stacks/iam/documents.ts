import type { Settings } from "../../../config";
import { may, nameOf, wordsOf, type Words } from "./rights";

/** Grants of the policies of keys, buckets, topics, log groups and endpoints. */
type Part = (settings: Settings, words: Words) => string[];

const cdnRegion = "us-east-1";

/** All calls that create a data key: CloudWatch Logs and SNS can use any. */
const dataKeys = ["", "Pair", "PairWithoutPlaintext", "WithoutPlaintext"].map(
  (kind) => `kms:GenerateDataKey${kind}`,
);

/** A key of messages to topics: CloudWatch and EventBridge send them. */
export const alarmKey = (words: Words, key: string, topics: string, where = words.region): string[] => [
  ...may("Service cloudwatch.amazonaws.com", ["kms:Decrypt", ...dataKeys], key, words.ofAccount),
  ...may("Service events.amazonaws.com", ["kms:Decrypt", ...dataKeys], key, [
    "ArnLike",
    "kms:EncryptionContext:aws:sns:topicArn",
    words.arn("sns", `${topics}-*`, where),
  ]),
];

/** A key leaves the decision to IAM. */
export const byIam = ({ account }: Words, names: readonly string[]): string[] =>
  names.flatMap((name) => may(`AWS arn:aws:iam::${account}:root`, ["kms:*"], `key ${name}`));

/** A key of log groups: CloudWatch Logs uses it. */
export const logsKey = ({ account }: Words, key: string, where: string): string[] =>
  may(
    `Service logs.${where}.amazonaws.com`,
    [
      ...["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "Describe*"].map((call) => `kms:${call}`),
      ...dataKeys,
    ],
    key,
    ["ArnLike", "kms:EncryptionContext:aws:logs:arn", `arn:aws:logs:${where}:${account}:log-group:*`],
  );

/** Keys leave the decision to IAM; those of logs and alarms are also used by services. */
const keys: Part = ({ edge, backups, logs }, words) => {
  const { region, prefix } = words;
  const cdn = edge.cdn === undefined ? [] : ["cdn-logs", "cdn-alarms"];
  const names = [
    ...["cluster", "data", "logs", "alarms"].map((purpose) => `primary-keys-${purpose}`),
    ...cdn,
    ...(backups.vault === undefined ? [] : ["primary-vault-key"]),
    ...(logs?.store === "opensearch" ? ["primary-telemetry-stores-search-search"] : []),
  ];
  return [
    ...byIam(words, names),
    ...logsKey(words, "key primary-keys-logs", region),
    ...alarmKey(words, "key primary-keys-alarms", prefix),
    ...(cdn.length === 0
      ? []
      : [
          ...logsKey(words, "key cdn-logs", cdnRegion),
          ...alarmKey(words, "key cdn-alarms", `${prefix}-cdn`, cdnRegion),
        ]),
  ];
};

/** A topic for CloudWatch's alarms and for the events of these rules. */
export const topic = (
  words: Words,
  name: string,
  rules: readonly string[] = [],
  where = words.region,
): string[] => [
  ...may(
    "Service cloudwatch.amazonaws.com",
    ["sns:Publish"],
    words.arn("sns", name, where),
    words.ofAccount,
    ["ArnLike", "aws:SourceArn", words.arn("cloudwatch", "alarm:*", where)],
  ),
  ...(rules.length === 0
    ? []
    : may("Service events.amazonaws.com", ["sns:Publish"], words.arn("sns", name, where), [
        "ArnEquals",
        "aws:SourceArn",
        ...rules.map((rule) => words.arn("events", `rule/${rule}`, where)),
      ])),
];

const topics: Part = ({ edge, cluster, standby, backups: { vault } }, words) => {
  const { prefix } = words;
  return [
    ...topic(words, `${prefix}-alarms`, [
      `${prefix}-database-events`,
      ...(vault?.restoreTests === undefined ? [] : [`${prefix}-restore-tests`]),
      ...(vault === undefined || (standby === undefined && vault.copyTo === undefined)
        ? []
        : [`${prefix}-backup-copy-events`]),
    ]),
    ...(cluster.operators.prometheus === undefined ? [] : topic(words, `${prefix}-heartbeat`)),
    ...(edge.cdn === undefined ? [] : topic(words, `${prefix}-cdn-alarms`, [], cdnRegion)),
  ];
};

/** Services that write access logs to their bucket. */
export function accessLogs(
  { edge }: { readonly edge: Pick<Settings["edge"], "cdn"> },
  words: Words,
): string[] {
  const { account } = words;
  const bucket = `arn:aws:s3:::${nameOf("bucket", words.prefix, "access-logs", account)}`;
  const balancers = `${bucket}/*/AWSLogs/${account}/*`;
  const delivery = "Service delivery.logs.amazonaws.com";
  const owned = ["StringEquals", "s3:x-amz-acl", "bucket-owner-full-control"] as const;
  const fromLogs = ["ArnLike", "aws:SourceArn", words.arn("logs", "*")] as const;
  return [
    ...may("Service logging.s3.amazonaws.com", ["s3:PutObject"], `${bucket}/*`, words.ofAccount),
    ...may("Service logdelivery.elasticloadbalancing.amazonaws.com", ["s3:PutObject"], balancers, [
      "ArnLike",
      "aws:SourceArn",
      words.arn("elasticloadbalancing", "loadbalancer/*"),
    ]),
    ...may(delivery, ["s3:PutObject"], balancers, words.ofAccount, owned, fromLogs),
    ...may(delivery, ["s3:GetBucketAcl"], bucket, words.ofAccount, fromLogs),
    ...(edge.cdn === undefined
      ? []
      : may(delivery, ["s3:PutObject"], `${bucket}/cdn/*`, words.ofAccount, owned, [
          "ArnLike",
          "aws:SourceArn",
          words.arn("logs", "delivery-source:*", cdnRegion),
        ])),
  ];
}

/** Services that write logs: AWS WAF, and the search domain. */
const logGroups: Part = ({ edge, logs }, words) => {
  const { prefix } = words;
  const writes = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const waf = (name: string, region: string) =>
    may(
      "Service delivery.logs.amazonaws.com",
      writes,
      words.arn("logs", `log-group:aws-waf-logs-${name}:*`, region),
      words.ofAccount,
      ["ArnLike", "aws:SourceArn", words.arn("logs", "*", region)],
    );
  const domain = nameOf("searchDomain", prefix, "logs");
  const kinds = ["audit-logs", "es-application-logs", "index-slow-logs", "search-slow-logs"];
  const groups = kinds.map((kind) =>
    words.arn("logs", `log-group:/aws/OpenSearchService/domains/${domain}/${kind}:*`),
  );
  return [
    ...waf(prefix, words.region),
    ...(edge.cdn === undefined ? [] : waf(`${prefix}-cdn`, cdnRegion)),
    ...(logs?.store === "opensearch"
      ? [
          ...may("Service es.amazonaws.com", writes, groups, words.ofAccount, [
            "ArnLike",
            "aws:SourceArn",
            words.arn("es", `domain/${domain}`),
          ]),
          // The domain leaves the decision to IAM, as keys do.
          ...may(
            `AWS arn:aws:iam::${words.account}:root`,
            ["Delete", "Get", "Head", "Patch", "Post", "Put"].map((method) => `es:ESHttp${method}`),
            `${words.arn("es", `domain/${domain}`)}/*`,
          ),
        ]
      : []),
  ];
};

/** Endpoints allow this account's identities to reach this account's resources, and nodes to pull images. */
const endpoints: Part = ({ network }, words) => {
  const { account, region } = words;
  const own = ["StringEquals", "aws:PrincipalAccount", account] as const;
  const resources = ["StringEquals", "aws:ResourceAccount", account] as const;
  const through = (service: string) => `through primary-network-endpoints-${service}`;
  return [
    ...may("anyone", ["s3:*"], `* ${through("s3")}`, resources),
    ...may(
      "anyone",
      ["s3:GetObject"],
      ["starport-layer-bucket", `registry-k8s-io-${region}`].map(
        (kind) =>
          `arn:aws:s3:::prod-${kind === "starport-layer-bucket" ? `${region}-${kind}` : kind}/* ${through("s3")}`,
      ),
    ),
    ...network.interfaceEndpoints.flatMap((service) => [
      ...may("anyone", [`${service.replace(/\..*$/, "")}:*`], `* ${through(service)}`, own, resources),
      ...(service.startsWith("ecr")
        ? may(
            "anyone",
            [
              ...["GetAuthorizationToken", "BatchCheckLayerAvailability"],
              ...["BatchGetImage", "GetDownloadUrlForLayer"],
            ].map((call) => `ecr:${call}`),
            `* ${through(service)}`,
            own,
          )
        : []),
    ]),
  ];
};

/** Grants of resource policies, except those of systems' stores. */
export const ofDocuments = (settings: Settings): string[] =>
  [keys, topics, accessLogs, logGroups, endpoints].flatMap((part) => part(settings, wordsOf(settings)));
