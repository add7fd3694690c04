import { configured } from "../../../components/system/configured";
import type { Settings, SystemSettings } from "../../../config";
import type { Store, SystemSpec, WorkloadSpec } from "../../../systems/spec";
import { inVpc, invokes, lambda, may, nameOf, pods, reader, wordsOf, type Words } from "./rights";

const key = "primary-keys-data";

/** A system as a stack has it. */
interface System {
  readonly words: Words;
  readonly settings: Settings;
  readonly amounts: SystemSettings;
  readonly spec: SystemSpec;
}

const bucketOf = ({ words, spec, amounts }: System, store: string): string =>
  amounts.stores.bucket[store]?.name ?? nameOf("bucket", words.prefix, spec.name, store, words.account);

const entryOf = ({ words, spec, amounts }: System, store: string): string => {
  const mail = amounts.stores.mail[store];
  return mail?.kind === "smtp" ? mail.credentials : `${words.prefix}/${spec.name}/${store}`;
};

const storesOfKind = <K extends Store["kind"]>({ spec }: System, kind: K): string[] =>
  Object.keys(spec.stores).filter((store) => spec.stores[store]?.kind === kind);

/** Stores that a workload's variables name, and for each the outputs. */
const references = ({ env }: WorkloadSpec): [store: string, output: string, secret: boolean][] =>
  Object.values(env).flatMap((source) => {
    if (!("from" in source)) return [];
    const [store = "", output = ""] = (source.from as string).split(".");
    return [[store, output, "key" in source]];
  });

/** Grants of a reference to a store's output. */
function granted(system: System, holder: string, store: string, output: string): string[] {
  const { words, spec } = system;
  const described = spec.stores[store];
  if (described?.kind === "bucket") {
    const arn = `arn:aws:s3:::${bucketOf(system, store)}`;
    const writes = described.access === "read-write";
    const write = writes ? ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"] : [];
    const encrypt = writes ? ["kms:GenerateDataKey"] : [];
    return [
      ...may(holder, ["s3:ListBucket", "s3:GetBucketLocation"], arn),
      ...may(holder, ["s3:GetObject", ...write], `${arn}/*`),
      ...may(holder, ["kms:Decrypt", ...encrypt], words.key(key), words.via("s3")),
    ];
  }
  if (described?.kind !== "queue") return [];
  const [sends, receives] = [output !== "receiveUrl", output !== "sendUrl"];
  const calls = [
    ...(sends ? ["SendMessage"] : []),
    ...(receives ? ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"] : []),
    ...["GetQueueAttributes", "GetQueueUrl"],
  ];
  const queue = words.arn("sqs", nameOf("queue", words.prefix, spec.name, store));
  return [
    ...may(
      holder,
      calls.map((call) => `sqs:${call}`),
      queue,
    ),
    ...may(
      holder,
      ["kms:Decrypt", ...(sends ? ["kms:GenerateDataKey"] : [])],
      words.key(key),
      words.via("sqs"),
    ),
  ];
}

function workloads(system: System): string[] {
  return Object.values(system.spec.workloads).flatMap((workload) => {
    const { holder, trust } = pods(workload.namespace, workload.name);
    const rights = references(workload).flatMap(([store, output]) => granted(system, holder, store, output));
    return rights.length === 0 ? [] : [...trust, ...rights];
  });
}

/** The system's bucket for backups; undefined: it has none. */
const backupsOf = (system: System): string | undefined =>
  storesOfKind(system, "bucket").find((name) => {
    const store = system.spec.stores[name];
    return store?.kind === "bucket" && store.backups === true;
  });

/** Two jobs for a prefix of the bucket: one adds to it and can't read, the other reads. */
function backupJobs(
  { words }: System,
  bucket: string,
  below: string,
  [namespace, backup, restore]: readonly [string, string, string],
): string[] {
  const arn = `arn:aws:s3:::${bucket}`;
  const job = (name: string, objects: string[], keys: string[]) => {
    const { holder, trust } = pods(namespace, name);
    return [
      ...trust,
      ...may(holder, objects, `${arn}/${below}`),
      ...may(holder, ["s3:ListBucket"], arn, ["StringLike", "s3:prefix", below]),
      ...may(holder, keys, words.key(key), words.via("s3")),
      ...may(holder, ["cloudwatch:PutMetricData"], "*", [
        "StringEquals",
        "cloudwatch:namespace",
        "Plinth/Backups",
      ]),
    ];
  };
  return [
    ...job(backup, ["s3:PutObject", "s3:AbortMultipartUpload"], ["kms:Decrypt", "kms:GenerateDataKey"]),
    ...job(restore, ["s3:GetObject"], ["kms:Decrypt"]),
  ];
}

/** Databases are dumped to the system's bucket for backups. */
function dumps(system: System): string[] {
  const { spec, settings } = system;
  const bucket = backupsOf(system);
  if (settings.backups.dumps === undefined || bucket === undefined) return [];
  return storesOfKind(system, "postgres").flatMap((store) => {
    const used = Object.values(spec.workloads).find((one) =>
      references(one).some(([name]) => name === store),
    );
    const name = `${spec.name}-${store}`;
    return backupJobs(system, bucketOf(system, bucket), `dumps/${store}/*`, [
      used?.namespace ?? "",
      `${name}-dump`,
      `${name}-restore-test`,
    ]);
  });
}

/** Streams are backed up to the same bucket, from the namespace of their servers. */
function streams(system: System): string[] {
  const { spec, settings } = system;
  const bucket = backupsOf(system);
  if (settings.backups.streams === undefined || bucket === undefined) return [];
  return Object.entries(spec.stores).flatMap(([store, described]) => {
    if (described.kind !== "nats" || Object.keys(described.streams).length === 0) return [];
    const name = `${spec.name}-${store}`;
    return backupJobs(system, bucketOf(system, bucket), `streams/${store}/*`, [
      described.namespace,
      `${name}-backup`,
      `${name}-restore`,
    ]);
  });
}

/** Entries that workloads, gates and NATS' servers read, and the master users' for the jobs that create roles. */
function secrets(system: System): string[] {
  const { words, spec } = system;
  const used = new Set([
    ...Object.values(spec.workloads).flatMap((workload) =>
      references(workload).flatMap(([store, , secret]) => (secret ? [store] : [])),
    ),
    ...storesOfKind(system, "nats"),
    ...(spec.migration === undefined ? [] : storesOfKind(system, "postgres")),
  ]);
  const masters = storesOfKind(system, "postgres").map((store) => `${entryOf(system, store)}/master`);
  const role = `primary-${spec.name}-secrets`;
  return [
    ...reader(words, `${role}-workloads`, [...new Set([...used].map((store) => entryOf(system, store)))]),
    ...reader(words, `${role}-bootstrap`, masters),
  ];
}

/** A database: its rotation, its proxy, and the enhanced monitoring that RDS does. */
function databases(system: System): string[] {
  const { words, spec, settings, amounts } = system;
  return storesOfKind(system, "postgres").flatMap((store) => {
    const role = `role primary-${spec.name}-stores-${store}`;
    const entry = entryOf(system, store);
    const settled = amounts.stores.postgres[store];
    const proxied = settled?.pooling.kind === "rds-proxy";
    const logins = proxied ? [`${entry}/a`, `${entry}/b`] : [];
    const rotates = settings.credentials.rotationDays > 0;
    return [
      ...(rotates ? rotation(system, store, logins) : []),
      ...(proxied
        ? [
            ...may(
              "Service rds.amazonaws.com",
              ["sts:AssumeRole"],
              `the role of ${role}-proxy-role`,
              words.ofAccount,
            ),
            ...may(`${role}-proxy-role`, ["secretsmanager:GetSecretValue"], logins.map(words.entry)),
            ...may(`${role}-proxy-role`, ["kms:Decrypt"], words.key(key), words.via("secretsmanager")),
          ]
        : []),
      ...may(
        "Service monitoring.rds.amazonaws.com",
        ["sts:AssumeRole"],
        `the role of ${role}-monitoring`,
        words.ofAccount,
      ),
      `${role}-monitoring has arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    ];
  });
}

function rotation(system: System, store: string, logins: readonly string[]): string[] {
  const { words, spec } = system;
  const name = nameOf("function", words.prefix, spec.name, store, "rotation");
  const { holder, own } = lambda(words, name);
  const entry = entryOf(system, store);
  return [
    ...own,
    ...invokes("secretsmanager", name, words.entry(entry), words.ofAccount),
    inVpc(holder),
    ...may(
      holder,
      ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
        (call) => `secretsmanager:${call}`,
      ),
      words.entry(entry),
    ),
    ...may(holder, ["secretsmanager:GetSecretValue"], words.entry(`${entry}/master`)),
    ...may(holder, ["secretsmanager:PutSecretValue"], logins.map(words.entry)),
    ...may(
      holder,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      words.key(key),
      words.via("secretsmanager", "lambda"),
    ),
  ];
}

/** SES' users send from the system's domain; its events are written to a log group. */
function mail(system: System): string[] {
  const { words, spec, amounts } = system;
  return storesOfKind(system, "mail").flatMap((store) => {
    const settled = amounts.stores.mail[store];
    if (settled?.kind !== "ses") return [];
    const name = `${words.prefix}-${spec.name}-${store}`;
    const versions = [settled.credentialsVersion, settled.credentialsVersion - 1].filter((one) => one > 0);
    const log = words.arn("logs", `log-group:/aws/events/${name}:*`);
    return [
      ...versions.flatMap((version) =>
        may(
          `user primary-${spec.name}-stores-${store}-smtp-user-${version}`,
          ["ses:SendRawEmail"],
          [words.arn("ses", "identity/*"), words.arn("ses", `configuration-set/${name}`)],
          ["StringLike", "ses:FromAddress", `*@${settled.domain}`],
          ...(settled.recipients === undefined
            ? []
            : [["ForAllValues:StringLike", "ses:Recipients", ...settled.recipients] as const]),
        ),
      ),
      ...["events", "delivery.logs"].flatMap((service) => [
        ...may(`Service ${service}.amazonaws.com`, ["logs:CreateLogStream"], log),
        ...may(`Service ${service}.amazonaws.com`, ["logs:PutLogEvents"], log, [
          "ArnLike",
          "aws:SourceArn",
          words.arn("events", "rule/*"),
        ]),
      ]),
    ];
  });
}

/** Shared files are mounted through an access point, from within the VPC. */
const files = (system: System): string[] =>
  storesOfKind(system, "files").flatMap((store) => {
    const name = `primary-${system.spec.name}-stores-${store}`;
    return may(
      "AWS *",
      ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      system.words.arn("elasticfilesystem", `file-system/fs-${name}-files`),
      ["Bool", "elasticfilesystem:AccessedViaMountTarget", "true"],
      [
        "StringEquals",
        "elasticfilesystem:AccessPointArn",
        system.words.arn("elasticfilesystem", `access-point/fsap-${name}-access`),
      ],
    );
  });

/** Grants implied by the descriptions of a stack's systems. */
export const ofSystems = (settings: Settings, catalog: Readonly<Record<string, SystemSpec>>): string[] =>
  Object.entries(catalog).flatMap(([name, described]) => {
    const amounts = settings.systems[name];
    if (amounts === undefined) return [];
    const system: System = {
      words: wordsOf(settings),
      settings,
      amounts,
      spec: configured(described, amounts),
    };
    return [workloads, dumps, streams, secrets, databases, mail, files].flatMap((part) => part(system));
  });
