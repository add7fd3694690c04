import type { Policies, PolicyResource } from "@pulumi/policy";
import { between } from "../../standards/tests";
import { onStack, onType } from "../lib/control";
import { natInstances, ofType } from "../lib/joins";
import { must, type Whole } from "../lib/must";
import { plain } from "../lib/wire";

const docs = "https://docs.aws.amazon.com";

/** Whether lifecycle rules expire current objects: nobody restores data from such a bucket. */
const expires = ({ props }: Whole): boolean =>
  (Array.isArray(props.rules) ? (props.rules as { expiration?: { days?: number } }[]) : []).some(
    ({ expiration }) => expiration?.days !== undefined,
  );

/** A daily schedule: `cron(0 20 * * ? *)`, `rate(1 day)`, or more often. */
const daily = /^cron\(\S+ \S+ (\*|\?) \* (\*|\?) \*\)$|^rate\((1 day|\d+ hours?)\)$/;

interface Subnet {
  readonly availabilityZone?: unknown;
}

interface Manifest {
  metadata?: { name?: string; namespace?: string };
  spec?: { suspend?: boolean };
}

const manifests = (resources: readonly PolicyResource[], kind: string) =>
  resources.flatMap(({ type, props, ...rest }) =>
    type === `kubernetes:${kind}` ? [{ ...rest, ...(plain(props) as Manifest) }] : [],
  );

/**
 * Requirements of the recovery objectives (`config/recovery/recovery.ts`) that no other policy checks. The others: rds-hardened
 * (Multi-AZ), rds-backup-retention, rds-deletion-protection, rds-final-snapshot, s3-versioning-enabled,
 * efs-backup-enabled, nats-streams-kept, state-protected, copies-complete, s3-replication-complete.
 */
export const objectives: Policies = [
  must(
    ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
    {
      name: "s3-versions-kept",
      description:
        "S3 lifecycle rules must keep noncurrent versions for at least two days, or for one day if current versions expire.",
      severity: "high",
      remediation: "Set noncurrentVersionExpiration.noncurrentDays to 2 or more in each rule.",
      url: `${docs}/AmazonS3/latest/userguide/lifecycle-configuration-examples.html`,
    },
    [
      ["rules[].noncurrentVersionExpiration.noncurrentDays", between(2, 36_500), (whole) => !expires(whole)],
      ["rules[].noncurrentVersionExpiration.noncurrentDays", between(1, 36_500), expires],
    ],
  ),
  onType(
    "aws:backup/plan:Plan",
    {
      name: "backup-plan-daily",
      description: "AWS Backup plans must create a recovery point every day.",
      severity: "high",
      remediation: "Set the schedule of at least one rule to a daily schedule, such as cron(0 20 * * ? *).",
      url: `${docs}/aws-backup/latest/devguide/plan-options-and-configuration.html`,
    },
    ({ rules }, { report }) => {
      if (!(rules ?? []).some(({ schedule }) => daily.test(schedule ?? "")))
        report("no rule has a daily schedule.");
    },
  ),
  onStack(
    {
      name: "nats-streams-backed-up",
      description: "Protected JetStream streams must be backed up by a CronJob in their namespace.",
      severity: "high",
      remediation: "Add a CronJob with a name that ends in -backup to the namespace, and don't suspend it.",
      url: `https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin/disaster_recovery`,
    },
    (resources, report) => {
      const served = new Set(
        manifests(resources, "batch/v1:CronJob")
          .filter(({ metadata, spec }) => /-backup$/.test(metadata?.name ?? "") && spec?.suspend !== true)
          .map(({ metadata }) => metadata?.namespace),
      );
      for (const { name, urn, opts, metadata } of manifests(resources, "jetstream.nats.io/v1beta2:Stream"))
        if (opts.protect && !served.has(metadata?.namespace))
          report(`${name} is protected, but no CronJob in its namespace backs up streams.`, urn);
    },
  ),
  onStack<{ minimum: number }>(
    {
      name: "ec2-nat-gateways",
      description:
        "Clusters must have one NAT gateway, or one for each Availability Zone, and at least the configured minimum.",
      severity: "medium",
      remediation:
        "Add an aws.ec2.NatGateway to the public subnet of each Availability Zone. A NAT instance counts as one NAT gateway.",
      url: `${docs}/vpc/latest/userguide/nat-gateway-basics.html`,
      settings: {
        minimum: {
          type: "integer",
          minimum: 1,
          description: "Minimum number of NAT gateways for the cluster of the first region.",
          default: 1,
        },
      },
    },
    (resources, report, { minimum }) => {
      const alone = (provider: string | undefined) =>
        natInstances(resources).some((one) => one.provider?.urn === provider);
      const clusters = ofType(resources, "aws:eks/cluster:Cluster").map(({ urn, provider }) => {
        const beside = (type: string) =>
          resources.filter((one) => one.type === type && one.provider?.urn === provider?.urn);
        const subnets = beside("aws:ec2/subnet:Subnet").map(({ props }) => plain(props) as Subnet);
        return {
          urn,
          found: beside("aws:ec2/natGateway:NatGateway").length + (alone(provider?.urn) ? 1 : 0),
          zones: new Set(subnets.map(({ availabilityZone }) => availabilityZone)).size,
        };
      });
      for (const { urn, found, zones } of clusters)
        if (found > 1 && found < zones)
          report(
            `the cluster must have one NAT gateway, or one for each of its ${zones} zones; found ${found}.`,
            urn,
          );
      // The cluster of a second region may have fewer: it only serves if the first region is lost.
      const [first] = clusters.sort((one, other) => other.found - one.found);
      if (first !== undefined && first.found < minimum)
        report(`the cluster must have at least ${minimum} NAT gateways; found ${first.found}.`, first.urn);
    },
  ),
];
