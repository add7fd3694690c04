import { sample, scenario, unknown, volumeTags } from "../scenario";
import { podSpec, template } from "./pods";

/** A resource of a type that no policy names. */
const other = (type: string, props: object, options: Parameters<typeof sample>[2] = {}) =>
  sample(type as "aws:sqs/queue:Queue", props, options);
const set = (resource: { props: object }, props: object) => Object.assign(resource.props, props);
const spec = (resource: { props: { spec?: unknown } }, more: object) =>
  Object.assign(resource.props.spec as object, more);

const kind = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const peer = {
  namespaceSelector: { matchLabels: { name: "ams" } },
  podSelector: { matchLabels: { app: "api" } },
};
const release = (chart: string, values: object) =>
  sample("kubernetes:helm.sh/v3:Release", {
    chart,
    version: "1.0.0",
    values: {
      priorityClassName: "x",
      resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1Gi" } },
      ...values,
    },
  });

/** Dangerous additions to a stack, or removals from it, one by one. */
export const additions = [
  scenario(
    "NetworkPolicies",
    {
      vpc: sample("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
      subnet: sample("aws:ec2/subnet:Subnet", { cidrBlock: "10.0.128.0/20" }),
      cluster: sample("aws:eks/cluster:Cluster", { name: "plinth-dev" }),
      enforced: other("kubernetes:core/v1:ConfigMapPatch", {
        metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
        data: { "enable-network-policy-controller": "true" },
      }),
      policy: sample(kind, {
        metadata: { name: "api", namespace: "ams" },
        spec: {
          podSelector: { matchLabels: { app: "api" } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: [peer], ports: [{ port: 8080, protocol: "TCP" }] }],
          egress: [
            { to: [{ ipBlock: { cidr: "10.0.128.0/20" } }], ports: [{ port: 5432, protocol: "TCP" }] },
            {
              to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/16", "169.254.0.0/16"] } }],
              ports: [{ port: 443, protocol: "TCP" }],
            },
          ],
        },
      }),
    },
    [
      ["k8s-network-policy-closed", ({ policy }) => spec(policy, { ingress: [{}] })],
      ["k8s-network-policy-closed", ({ policy }) => spec(policy, { ingress: [{ from: [peer] }] })],
      [
        "k8s-network-policy-closed",
        ({ policy }) => spec(policy, { ingress: [{ from: [{}], ports: [{ port: 80 }] }] }),
      ],
      [
        "k8s-network-policy-closed",
        ({ policy }) =>
          spec(policy, { ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] }] }),
      ],
      [
        "k8s-network-policy-closed",
        ({ policy }) => spec(policy, { ingress: [{ from: [peer], ports: [{ port: 1, endPort: 65535 }] }] }),
      ],
      [
        ["k8s-network-policy-closed", "k8s-network-policy-within"],
        ({ policy }) =>
          spec(policy, { ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 80 }] }] }),
      ],
      [
        "k8s-network-policy-within",
        ({ policy }) =>
          spec(policy, { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 5432 }] }] }),
      ],
      [
        "k8s-network-policy-within",
        ({ policy }) =>
          spec(policy, {
            egress: [
              { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/16"] } }], ports: [{ port: 443 }] },
            ],
          }),
      ],
      ["k8s-network-policy-whole", ({ policy }) => spec(policy, { policyTypes: ["Egress"] })],
      ["k8s-network-policies-enforced", ({ enforced }) => set(enforced, { data: {} })],
      ["k8s-network-policies-enforced", (stack) => delete (stack as Partial<typeof stack>).enforced],
    ],
  ),
  scenario(
    "security group rules",
    {
      vpc: sample("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
      rule: sample("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        securityGroupId: unknown,
        cidrIpv4: "10.0.0.0/16",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      }),
    },
    [
      ["ec2-rule-bounded", ({ rule }) => delete rule.props.cidrIpv4],
      ["ec2-rule-bounded", ({ rule }) => set(rule, { ipProtocol: "-1" })],
      ["ec2-rule-bounded", ({ rule }) => set(rule, { fromPort: 0, toPort: 65535 })],
      ["ec2-rule-within", ({ rule }) => set(rule, { cidrIpv4: "10.0.0.0/8" })],
      [
        "ec2-rule-within",
        ({ rule }) => set(rule, { cidrIpv4: "198.51.100.0/24", fromPort: 514, toPort: 514 }),
      ],
      ["ec2-rule-within", ({ rule }) => set(rule, { cidrIpv4: "0.0.0.0/0" })],
    ],
  ),
  scenario(
    "images and environment variables",
    {
      api: sample("kubernetes:apps/v1:Deployment", {
        metadata: { name: "api" },
        spec: { template: template() },
      }),
      job: sample("kubernetes:batch/v1:Job", {
        metadata: { name: "migrate" },
        spec: {
          template: {
            spec: {
              ...podSpec(),
              containers: [
                {
                  name: "psql",
                  image: `docker.io/library/postgres:17.10-alpine@sha256:${"0".repeat(64)}`,
                  env: [
                    { name: "PGHOST", value: "db" },
                    { name: "PGSSLMODE", value: "verify-full" },
                    { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "ams", key: "password" } } },
                  ],
                },
              ],
            },
          },
        },
      }),
    },
    [
      [
        ["k8s-image-by-digest", "k8s-image-registry"],
        ({ api }) => Object.assign(first(api), { image: "ghcr.io/stranger/api:1.0.0" }),
      ],
      [
        ["k8s-image-by-digest", "k8s-image-registry"],
        ({ api }) =>
          Object.assign(first(api), {
            image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example/api:1",
          }),
      ],
      [
        "k8s-image-by-digest",
        ({ job }) => Object.assign(first(job), { image: "docker.io/library/postgres:17" }),
      ],
      [
        "k8s-env-verifies-tls",
        ({ api }) => (first(api).env = [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value: "0" }]),
      ],
      ["k8s-env-verifies-tls", ({ api }) => (first(api).env = [{ name: "PGHOST", value: "db" }])],
      [
        "no-plain-connection",
        ({ api }) =>
          (first(api).env = [{ name: "A", value: "postgres://$(U):$(P)@db:5432/a?sslmode=require" }]),
      ],
      [
        "no-plain-connection",
        ({ api }) => (first(api).env = [{ name: "CACHE", value: "redis://cache:6379" }]),
      ],
      [
        "no-plain-connection",
        ({ api }) => (first(api).env = [{ name: "API", value: "http://api.example.com" }]),
      ],
      ["no-known-token", ({ api }) => (first(api).args = ["--key", "AKIAIOSFODNN7EXAMPLE"])],
      [
        "no-known-token",
        ({ api }) => set(api, { metadata: { annotations: { note: `ghp_${"a".repeat(36)}` } } }),
      ],
    ],
  ),
  scenario(
    "secrets in plain text",
    {
      database: sample(
        "aws:rds/instance:Instance",
        { password: "aGeneratedTextOf32Characters1234" },
        { refs: { password: ["made"] } },
      ),
      made: sample("random:index/randomPassword:RandomPassword", { length: 32 }),
      lambda: other("aws:lambda/function:Function", { environment: { variables: { HOST: "db" } } }),
    },
    [
      ["secrets-generated", ({ database }) => (database.refs = {})],
      ["secrets-generated", ({ database }) => (database.props.password = "hunter2")],
      [
        "no-secret-by-name",
        ({ lambda }) => set(lambda, { environment: { variables: { DB_PASSWORD: "hunter2" } } }),
      ],
    ],
  ),
  scenario(
    "rows that apply to some resources of a type",
    {
      parameters: sample("aws:rds/parameterGroup:ParameterGroup", {
        family: "postgres17",
        parameters: [
          { name: "shared_preload_libraries", value: "pgaudit" },
          { name: "pgaudit.log", value: "ddl,role" },
          { name: "pgaudit.role", value: "rds_pgaudit" },
        ],
      }),
      audit: sample(
        "aws:cloudwatch/logGroup:LogGroup",
        { name: "/aws/eks/plinth/cluster", retentionInDays: 365 },
        { protect: true },
      ),
      volumes: sample("kubernetes:storage.k8s.io/v1:StorageClass", {
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { kmsKeyId: unknown, ...volumeTags },
      }),
      copies: sample("kubernetes:storage.k8s.io/v1:StorageClass", {
        metadata: { name: "scratch" },
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { kmsKeyId: unknown, ...volumeTags },
        reclaimPolicy: "Delete",
      }),
    },
    [
      [
        "rds-parameters-audited",
        ({ parameters }) =>
          parameters.props.parameters?.push({ name: "ssl_min_protocol_version", value: "TLSv1" }),
      ],
      ["rds-parameters-audited", ({ parameters }) => parameters.props.parameters?.pop()],
      ["logs-audit-kept", ({ audit }) => (audit.props.retentionInDays = 14)],
      ["k8s-storage-own-key", ({ volumes }) => (volumes.props.parameters = {})],
      ["k8s-scratch-volumes", ({ copies }) => (copies.props.reclaimPolicy = "Retain")],
    ],
  ),
  scenario(
    "Helm chart values",
    {
      operator: release("reloader", {
        image: { pullPolicy: "IfNotPresent" },
        reloader: {
          watchGlobally: false,
          namespaces: ["ams"],
          rbac: { enabled: false },
          readOnlyRootFileSystem: true,
          deployment: {
            resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1Gi" } },
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        },
      }),
      another: release("another", {}),
    },
    [
      ["helm-hardened", ({ operator }) => set(operator, { values: {} })],
      ["helm-values-restricted", ({ another }) => set(another, { values: { privileged: true } })],
      ["helm-values-restricted", ({ another }) => set(another, { values: { a: { runAsUser: 0 } } })],
      [
        "helm-values-restricted",
        ({ another }) => set(another, { values: { a: { capabilities: { add: ["SYS_ADMIN"] } } } }),
      ],
      [
        "helm-values-restricted",
        ({ another }) => set(another, { values: { image: { registry: "ghcr.io" } } }),
      ],
      [
        "helm-values-restricted",
        ({ another }) => set(another, { values: { service: { type: "LoadBalancer" } } }),
      ],
      ["helm-values-restricted", ({ another }) => set(another, { values: { limits: { cpu: "0" } } })],
    ],
  ),
  scenario(
    "resources that require companion resources",
    {
      queue: sample("aws:sqs/queue:Queue", { name: "tasks" }, { protect: true }),
      policy: sample(
        "aws:sqs/queuePolicy:QueuePolicy",
        { queueUrl: unknown },
        { refs: { queueUrl: ["queue"] } },
      ),
      lambda: other("aws:lambda/function:Function", { loggingConfig: { logGroup: "/aws/lambda/x" } }),
      logs: sample("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/x" }),
      first: sample("aws:rds/instance:Instance", { identifier: "a" }, { protect: true }),
      second: sample("aws:rds/instance:Instance", { identifier: "b" }, { protect: true }),
      rotation: other("aws:secretsmanager/secretRotation:SecretRotation", { secretId: unknown }),
      another: other("aws:secretsmanager/secretRotation:SecretRotation", { secretId: unknown }),
    },
    [
      ["aws-companions", (stack) => delete (stack as Partial<typeof stack>).policy],
      ["logs-group-in-stack", ({ logs }) => (logs.props.name = "/aws/lambda/y")],
      ["state-protected", ({ queue }) => (queue.protect = false)],
      ["secretsmanager-logins-rotate", (stack) => delete (stack as Partial<typeof stack>).another],
    ],
  ),
  scenario(
    "resource policies that rely on conditions",
    {
      topic: sample("aws:sns/topicPolicy:TopicPolicy", {
        policy: document({ Principal: { Service: "s3.amazonaws.com" } }),
      }),
      logs: other("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", {
        policyDocument: document({ Principal: { Service: "events.amazonaws.com" } }),
      }),
    },
    [
      ["resource-policy-principal-named", ({ topic }) => (topic.props.policy = document({ Principal: "*" }))],
      [
        "logs-policy-groups-named",
        ({ logs }) =>
          set(logs, {
            policyDocument: document({ Principal: { Service: "events.amazonaws.com" }, Resource: "*" }),
          }),
      ],
    ],
  ),
];

function first(resource: { props: { spec?: { template?: { spec?: { containers?: unknown[] } } } } }) {
  return (resource.props.spec?.template?.spec?.containers?.[0] ?? {}) as Record<string, unknown>;
}

function document(statement: object): string {
  const bound = { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } };
  const whole = {
    Effect: "Allow",
    Action: "logs:PutLogEvents",
    Resource: "arn:aws:logs:a:1:log-group:/x:*",
    ...bound,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ ...whole, ...statement }] });
}
