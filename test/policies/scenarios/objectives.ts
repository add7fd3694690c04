import { sample, scenario, unknown } from "../scenario";

const stream = "kubernetes:jetstream.nats.io/v1beta2:Stream";
const job = "kubernetes:batch/v1:CronJob";

const recoveryPoints = (schedule: string) => [{ ruleName: "one", targetVaultName: "vault", schedule }];

/** Resources that the recovery objectives require. */
export const objectives = [
  scenario(
    "resources that the recovery objectives require",
    {
      plan: sample("aws:backup/plan:Plan", { rules: recoveryPoints("cron(0 20 * * ? *)") }),
      stream: sample(stream, { metadata: { name: "logs", namespace: "opmas-core" } }, { protect: true }),
      free: sample(stream, { metadata: { name: "scratch", namespace: "elsewhere" } }),
      job: sample(job, { metadata: { name: "opmas-nats-backup", namespace: "opmas-core" }, spec: {} }),
      cluster: sample("aws:eks/cluster:Cluster", { name: "plinth-prod" }),
      nat: sample("aws:ec2/natGateway:NatGateway", { subnetId: unknown }),
      objects: sample("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
        bucket: unknown,
        rules: [{ id: "age", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 2 } }],
      }),
      logs: sample("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
        bucket: unknown,
        rules: [
          {
            id: "age",
            status: "Enabled",
            expiration: { days: 30 },
            noncurrentVersionExpiration: { noncurrentDays: 1 },
          },
        ],
      }),
    },
    [
      ["backup-plan-daily", ({ plan }) => (plan.props.rules = recoveryPoints("cron(0 22 ? * SUN *)"))],
      ["backup-plan-daily", ({ plan }) => (plan.props.rules = recoveryPoints("cron(0 0 1 * ? *)"))],
      ["nats-streams-backed-up", ({ job }) => Object.assign(job.props, { spec: { suspend: true } })],
      ["nats-streams-backed-up", ({ job }) => (job.props.metadata = { name: "n-backup", namespace: "ams" })],
      ["ec2-nat-gateways", (stack) => delete (stack as Partial<typeof stack>).nat],
      [
        "s3-versions-kept",
        ({ objects }) =>
          (objects.props.rules = [
            { id: "age", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 1 } },
          ]),
      ],
    ],
  ),
];
