import { mirrorRepositories } from "../../../components/cluster/roles";
import type { Settings } from "../../../config";
import { catalog } from "../../../systems";
import type { SystemSpec } from "../../../systems/spec";
import { recoveryParts } from "./recovery";
import { inVpc, invokes, lambda, may, nameOf, pods, reader, wordsOf, type Words } from "./rights";

type Part = (settings: Settings, words: Words) => string[];

const attached = (holder: string, ...policies: string[]): string[] =>
  policies.map((policy) => `${holder} has arn:aws:iam::aws:policy/${policy}`);

/** The roles of EKS in Auto Mode. Source: EKS user guide, "Custom AWS tags". */
const cluster: Part = (settings, words) => {
  const controlPlane = "role primary-cluster-roles-control-plane";
  const node = "role primary-cluster-roles-node";
  const ofCluster = [
    "StringEquals",
    "aws:RequestTag/eks:eks-cluster-name",
    "${aws:PrincipalTag/eks:eks-cluster-name}",
  ] as const;
  const tagged = (...tags: string[]) =>
    tags.map((tag) => ["StringLike", `aws:RequestTag/eks:kubernetes-${tag}`, "*"] as const);
  const key = words.key("primary-keys-cluster");
  const dataKeys = ["", "Pair", "PairWithoutPlaintext", "WithoutPlaintext"].map(
    (kind) => `kms:GenerateDataKey${kind}`,
  );
  const mirrors = mirrorRepositories(settings.imageMirrors);
  return [
    ...may("Service eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], `the role of ${controlPlane}`),
    ...attached(
      controlPlane,
      ...["Cluster", "Compute", "BlockStorage", "LoadBalancing", "Networking"].map(
        (kind) => `AmazonEKS${kind}Policy`,
      ),
    ),
    ...may(
      controlPlane,
      ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", ...dataKeys, "kms:DescribeKey"],
      key,
    ),
    ...may(controlPlane, ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], key, [
      "Bool",
      "kms:GrantIsForAWSResource",
      "true",
    ]),
    ...may(
      controlPlane,
      ["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate"],
      "*",
      ofCluster,
      ...tagged("node-class-name", "node-pool-name"),
    ),
    ...may(controlPlane, ["ec2:CreateVolume"], "arn:aws:ec2:*:*:volume/*", ofCluster),
    ...may(controlPlane, ["ec2:CreateNetworkInterface"], "*", ofCluster, ...tagged("cni-node-name")),
    ...may(
      controlPlane,
      [
        ...["LoadBalancer", "TargetGroup", "Listener", "Rule"].map(
          (kind) => `elasticloadbalancing:Create${kind}`,
        ),
        "ec2:CreateSecurityGroup",
      ],
      "*",
      ofCluster,
    ),
    ...spot(settings),
    ...may("Service ec2.amazonaws.com", ["sts:AssumeRole"], `the role of ${node}`),
    ...attached(node, "AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"),
    ...may(node, ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"], mirrors),
  ];
};

/** EC2 Spot starts nodes with disks that the cluster's key encrypts. */
const spot = ({ account, cluster: { nodePool } }: Settings): string[] => {
  const key = "key primary-keys-cluster";
  const role = `arn:aws:iam::${account.id}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;
  const uses = ["Decrypt", "DescribeKey", "Encrypt", "ReEncryptFrom", "ReEncryptTo"];
  const dataKeys = ["GenerateDataKey", "GenerateDataKeyWithoutPlaintext"];
  return nodePool.capacity === "spot"
    ? [
        ...may(
          `AWS ${role}`,
          [...uses, ...dataKeys].map((action) => `kms:${action}`),
          key,
        ),
        ...may(`AWS ${role}`, ["kms:CreateGrant"], key, ["Bool", "kms:GrantIsForAWSResource", "true"]),
      ]
    : [];
};

/** The NAT instance: Systems Manager patches it. */
const natInstance: Part = ({ network }) => {
  const role = "role primary-network-gateways-instance-role";
  return network.nat === "instance"
    ? [
        ...may("Service ec2.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`),
        ...attached(role, "AmazonSSMManagedInstanceCore"),
      ]
    : [];
};

/** Access to the cluster: its nodes, and people by `plinth:cluster.access`. */
const entries: Part = ({ cluster: { access } }, { account }) => {
  const node = `arn:aws:iam::${account}:role/primary-cluster-roles-node`;
  const policy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
  const groups = { operator: "plinth-operators", viewer: "plinth-viewers" };
  const joined = (principal: string, names: readonly string[]) =>
    `AWS ${principal} is in the cluster with the groups [${names.join()}]`;
  return [
    joined(node, []),
    `AWS ${node} has ${policy("AmazonEKSAutoNodePolicy")}`,
    ...[...new Set(Object.values(access).flat())].map((principal) =>
      joined(
        principal,
        (["operator", "viewer"] as const)
          .filter((level) => access[level].includes(principal))
          .map((level) => groups[level]),
      ),
    ),
    ...access.admin.map((principal) => `AWS ${principal} has ${policy("AmazonEKSClusterAdminPolicy")}`),
  ];
};

/** Operators in the cluster that call AWS. */
const operators: Part = ({ cluster: { operators: installed }, systems }, words) => {
  const lines = (namespace: string, account: string, rights: (holder: string) => string[]) => {
    const { holder, trust } = pods(namespace, account);
    return [...trust, ...rights(holder)];
  };
  const finds = (holder: string) =>
    may(
      holder,
      [
        ...["AccessPoints", "FileSystems", "MountTargets"].map((what) => `elasticfilesystem:Describe${what}`),
        "ec2:DescribeAvailabilityZones",
      ],
      "*",
    );
  const history = words.arn("aps", "workspace/ws-primary-metrics");
  const topics = ["alarms", "heartbeat"].map((topic) => words.arn("sns", `${words.prefix}-${topic}`));
  return [
    ...lines("kube-system", "efs-csi-controller-sa", finds),
    ...lines("kube-system", "efs-csi-node-sa", finds),
    ...lines("external-secrets", "external-secrets", (holder) =>
      may(
        holder,
        ["sts:AssumeRole", "sts:TagSession"],
        `arn:aws:iam::${words.account}:role/${words.prefix}/secrets/*`,
      ),
    ),
    ...(installed.keda === undefined
      ? []
      : lines("keda", "keda-operator", (holder) =>
          may(holder, ["sqs:GetQueueAttributes"], scaledQueues(systems, words)),
        )),
    ...(installed.prometheus === undefined
      ? []
      : lines("monitoring", "kube-prometheus-stack-alertmanager", (holder) => [
          ...may(holder, ["sns:Publish"], topics),
          ...may(
            holder,
            ["kms:GenerateDataKey", "kms:Decrypt"],
            words.key("primary-keys-alarms"),
            words.via("sns"),
          ),
        ])),
    ...(installed.prometheus?.historyDays === undefined
      ? []
      : lines("monitoring", "kube-prometheus-stack-prometheus", (holder) =>
          may(holder, ["aps:RemoteWrite"], history),
        )),
    ...(installed.prometheus?.historyDays === undefined || installed.grafana === undefined
      ? []
      : lines("metrics-history", "history", (holder) =>
          may(
            holder,
            ["GetLabels", "GetMetricMetadata", "GetSeries", "QueryMetrics"].map((call) => `aps:${call}`),
            history,
          ),
        )),
    ...(installed.grafana === undefined
      ? []
      : lines("grafana", "grafana", (holder) =>
          may(
            holder,
            ["DescribeAlarms", "GetMetricData", "ListMetrics"].map((call) => `cloudwatch:${call}`),
            "*",
          ),
        )),
  ];
};

/** Queues on whose length a workload scales. */
const scaledQueues = (systems: Settings["systems"], words: Words): string[] =>
  Object.entries(systems).flatMap(([system, amounts]) => [
    ...new Set(
      Object.values(amounts?.workloads ?? {}).flatMap(({ autoscaling }) =>
        autoscaling?.queue?.queue === undefined
          ? []
          : [words.arn("sqs", nameOf("queue", words.prefix, system, autoscaling.queue.queue))],
      ),
    ),
  ]);

/** Entries that belong to no system: sign-on, and the receivers of alerts. */
const sharedSecrets: Part = ({ signOn, alarms }, words) => [
  ...reader(words, "primary-sign-on", signOn === undefined ? [] : [signOn.client]),
  ...reader(words, "primary-alert-receivers", [
    ...new Set(Object.values(alarms.receivers).map(({ entry }) => entry)),
  ]),
];

/** A VPC writes its flow logs, in the region of this component. */
export function flowLogs(words: Words, component: string): string[] {
  const flows = `role ${component}-network-flows-role`;
  const group = words.arn("logs", `log-group:/${words.prefix}/vpc/flow-logs`);
  return [
    ...may(
      "Service vpc-flow-logs.amazonaws.com",
      ["sts:AssumeRole"],
      `the role of ${flows}`,
      words.ofAccount,
      ["ArnLike", "aws:SourceArn", words.arn("ec2", "vpc-flow-log/*")],
    ),
    ...may(
      flows,
      ["CreateLogStream", "PutLogEvents", "DescribeLogStreams"].map((call) => `logs:${call}`),
      [group, `${group}:*`],
    ),
    ...may(flows, ["logs:DescribeLogGroups"], "*"),
  ];
}

/** Flow logs, the collectors of logs and traces, and the function that sets up the search domain. */
const telemetry: Part = ({ logs, traces }, words) => {
  const agent = pods("telemetry-nodes", "otel-agent");
  const jaeger = pods("telemetry", "jaeger");
  const podGroup = words.arn("logs", `log-group:/plinth/${words.prefix}/pods`);
  const domain = `${words.arn("es", `domain/${nameOf("searchDomain", words.prefix, "logs")}`)}/*`;
  const setup = lambda(words, nameOf("function", words.prefix, "search-setup"));
  const http = (...methods: string[]) => methods.map((method) => `es:ESHttp${method}`);
  return [
    ...flowLogs(words, "primary"),
    ...(logs === undefined ? [] : agent.trust),
    ...(logs?.store === "cloudwatch"
      ? may(agent.holder, ["logs:CreateLogStream", "logs:PutLogEvents"], [podGroup, `${podGroup}:*`])
      : []),
    ...(logs?.store === "opensearch"
      ? [
          ...may(agent.holder, http("Post"), domain),
          ...setup.own,
          inVpc(setup.holder),
          ...may(setup.holder, http("Get", "Put", "Post"), domain),
          ...(traces === undefined
            ? []
            : [...jaeger.trust, ...may(jaeger.holder, http("Get", "Head", "Post", "Put"), domain)]),
        ]
      : []),
  ];
};

/** The report of the secrets' ages, which only reads the dates of versions. */
const secretAges: Part = (settings, words) => {
  const { versionDays, rotationDays } = settings.credentials;
  const entries = Object.entries(catalog as Readonly<Record<string, SystemSpec>>).flatMap(
    ([system, spec]) => {
      const amounts = settings.systems[system];
      if (amounts === undefined) return [];
      return Object.entries(spec.stores).flatMap(([store, { kind }]) => {
        const entry = `${words.prefix}/${system}/${store}`;
        const mail = amounts.stores.mail[store];
        if (kind === "postgres")
          return [...(rotationDays > 0 ? [entry] : []), ...(versionDays > 0 ? [`${entry}/master`] : [])];
        if (versionDays === 0) return [];
        if (mail?.kind === "smtp") return [mail.credentials];
        return ["cache", "generated", "nats"].includes(kind) || mail?.kind === "ses" ? [entry] : [];
      });
    },
  );
  if (settings.edge.cdn !== undefined && versionDays > 0) entries.push(`${words.prefix}/edge/origin-secret`);
  if (entries.length === 0) return [];
  const name = nameOf("function", words.prefix, "secret-ages");
  const { holder, own } = lambda(words, name);
  return [
    ...own,
    ...invokes("events", name, words.arn("events", "rule/primary-secret-ages-schedule")),
    ...may(holder, ["secretsmanager:ListSecretVersionIds"], entries.map(words.entry)),
    ...may(holder, ["cloudwatch:PutMetricData"], "*", [
      "StringEquals",
      "cloudwatch:namespace",
      "Plinth/Secrets",
    ]),
  ];
};

/** Removal of old backups, and AWS Backup. */
const backups: Part = ({ backups: { vault }, systems }, words) => {
  // Only systems whose releases make a backup.
  const names = Object.keys(systems).filter((system) => systems[system]?.gates.backup);
  const name = nameOf("function", words.prefix, "backup-pruning");
  const pruning = lambda(words, name);
  const vaultRole = "role primary-vault-role";
  const database = (system: string) => nameOf("databaseInstance", words.prefix, system);
  return [
    ...(names.length === 0
      ? []
      : [
          ...pruning.own,
          ...invokes("events", name, words.arn("events", "rule/primary-backups-schedule")),
          ...may(
            pruning.holder,
            ["rds:DescribeDBSnapshots"],
            [
              ...names.map((name) => words.arn("rds", `db:${database(name)}`)),
              words.arn("rds", "snapshot:*"),
            ],
          ),
          ...may(
            pruning.holder,
            ["rds:DeleteDBSnapshot"],
            names.map((name) => words.arn("rds", `snapshot:${database(name)}-gate-*`)),
          ),
        ]),
    ...(vault === undefined
      ? []
      : [
          ...may(
            "Service backup.amazonaws.com",
            ["sts:AssumeRole"],
            `the role of ${vaultRole}`,
            words.ofAccount,
          ),
          ...attached(
            vaultRole,
            "service-role/AWSBackupServiceRolePolicyForBackup",
            "AWSBackupServiceRolePolicyForS3Backup",
          ),
          ...may(
            vaultRole,
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            [words.key("primary-keys-data"), words.key("primary-vault-key")],
            words.via("backup", "elasticfilesystem", "rds", "s3"),
          ),
        ]),
  ];
};

/** EventBridge Scheduler stops and starts the databases of a night schedule. */
const nightSchedule: Part = ({ costs, systems }, words) => {
  if (costs.schedule === undefined) return [];
  const role = "role primary-schedule-role";
  const databases = Object.entries(systems).flatMap(([system, settings]) =>
    Object.keys(settings?.stores.postgres ?? {}).length > 0
      ? [words.arn("rds", `db:${words.prefix}-${system}`)]
      : [],
  );
  return [
    ...may("Service scheduler.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`, words.ofAccount, [
      "StringEquals",
      "aws:SourceArn",
      words.arn("scheduler", `schedule-group/${words.prefix}-night`),
    ]),
    ...may(role, ["rds:StartDBInstance", "rds:StopDBInstance"], databases),
  ];
};

/** Grants implied by the platform. */
export const ofPlatform = (settings: Settings): string[] =>
  [
    cluster,
    natInstance,
    entries,
    operators,
    sharedSecrets,
    telemetry,
    secretAges,
    backups,
    nightSchedule,
    ...recoveryParts,
  ].flatMap((part) => part(settings, wordsOf(settings)));
