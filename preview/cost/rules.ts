import type { PlannedResource } from "../report/json";
import { chartVolumes } from "./nodes";
import { cache, database, distribution, healthCheck, instance, proxy, search } from "./resources";
import { length, one, type Priced, type Rule } from "./rule";
import type { Usage } from "./usage";

/** Resources with a fixed price each, such as secrets and alarms. */
const each =
  (key: string, what: string): Rule =>
  ({ price }) =>
    one(price(key), what);

const hourly =
  (key: string, what: string): Rule =>
  ({ price, usage }) =>
    one(price(key) * usage.hours, `${what}, ${usage.hours} hours`);

/** Rules by type. `free.ts` has every other type of the stacks, with the reason why it has no row. */
export const rules: Readonly<Record<string, Rule>> = {
  "aws:rds/instance:Instance": database,
  "aws:rds/proxy:Proxy": proxy,
  "aws:elasticache/replicationGroup:ReplicationGroup": cache,
  "aws:opensearch/domain:Domain": search,
  "kubernetes:helm.sh/v3:Release": ({ inputs, price }) => {
    const gib = chartVolumes(inputs.values);
    return gib === 0 ? [] : one(gib * price("ebs.gp3"), `${gib} GiB of volumes`);
  },
  "aws:eks/cluster:Cluster": hourly("eks.cluster", "the control plane in standard support"),
  "aws:ec2/natGateway:NatGateway": ({ price, usage }) => [
    { usd: price("nat.hour") * usage.hours, assumption: `${usage.hours} hours` },
    { usd: price("nat.gib") * usage.natGib, assumption: `${usage.natGib} GiB` },
  ],
  "aws:ec2/instance:Instance": instance,
  "aws:ec2/eip:Eip": hourly("ipv4.hour", "a public address"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ inputs, price, usage }) =>
    inputs.vpcEndpointType === "Interface"
      ? one(
          length(inputs.subnetIds) * price("endpoint.hour") * usage.hours,
          `${length(inputs.subnetIds)} zones, ${usage.hours} hours`,
        )
      : [],
  "aws:lb/loadBalancer:LoadBalancer": ({ inputs, price, usage }) => {
    const addresses = length(inputs.subnets) + length(inputs.subnetMappings);
    return one(
      (price("nlb.hour") + usage.capacityUnits * price("nlb.lcu") + addresses * price("ipv4.hour")) *
        usage.hours,
      `a network load balancer with ${addresses} addresses and ${usage.capacityUnits} capacity units`,
    );
  },
  // EKS makes the load balancer of the Ingresses, and it has an address in each public subnet.
  "kubernetes:networking.k8s.io/v1:IngressClass": ({ all, price, usage }) => {
    const addresses = all.filter(
      ({ type, name }) => type === "aws:ec2/subnet:Subnet" && /-public-/.test(name),
    ).length;
    return one(
      (price("alb.hour") + usage.capacityUnits * price("alb.lcu") + addresses * price("ipv4.hour")) *
        usage.hours +
        usage.outGib * price("transfer.out"),
      `an application load balancer with ${addresses} addresses and ${usage.capacityUnits} capacity units, ${usage.outGib} GiB to the internet`,
    );
  },
  "aws:secretsmanager/secret:Secret": each("secret", "an entry"),
  "aws:kms/key:Key": each("kms.key", "a key, in its first year"),
  "aws:kms/replicaKey:ReplicaKey": each("kms.key", "a key, in its first year"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": each("alarm", "an alarm"),
  "aws:cloudwatch/logGroup:LogGroup": ({ price, usage }) =>
    one(usage.logGib * (price("logs.ingest") + price("logs.storage")), `${usage.logGib} GiB of logs`),
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ({ price, usage }) =>
    one(usage.logGib * price("firehose.gib"), `${usage.logGib} GiB of logs through Firehose`),
  "aws:amp/workspace:Workspace": ({ price, usage }) =>
    one(
      usage.historySeries * usage.hours * 60 * price("amp.sample"),
      `${usage.historySeries} series, a sample a minute`,
    ),
  "aws:wafv2/webAcl:WebAcl": ({ inputs, price }) =>
    one(price("waf.acl") + length(inputs.rules) * price("waf.rule"), `${length(inputs.rules)} rules`),
  "aws:s3/bucket:Bucket": ({ price, usage }) =>
    one(usage.bucketGib * price("s3.standard"), `${usage.bucketGib} GiB`),
  "aws:efs/fileSystem:FileSystem": ({ price, usage }) =>
    one(usage.filesGib * price("efs.standard"), `${usage.filesGib} GiB`),
  "aws:backup/vault:Vault": ({ price, usage }) =>
    one(usage.backupGib * price("rds.backup"), `${usage.backupGib} GiB of recovery points`),
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": ({ price, usage }) =>
    one(usage.backupGib * price("rds.backup"), `${usage.backupGib} GiB of backups`),
  "aws:cloudfront/distribution:Distribution": distribution,
  "aws:route53/healthCheck:HealthCheck": healthCheck,
  "aws:shield/subscription:Subscription": each(
    "shield.month",
    "Shield Advanced, once for an organisation, without its data transfer fees",
  ),
  "aws:route53/zone:Zone": each("zone", "a hosted zone"),
  "aws:ecr/repository:Repository": ({ price, usage }) =>
    one(usage.imageGib * price("ecr.storage"), `${usage.imageGib} GiB of images`),
};

/** What a resource costs a month. */
export const pricesOf = (
  resource: PlannedResource,
  all: readonly PlannedResource[],
  price: (key: string) => number,
  usage: Usage,
): Priced[] => rules[resource.type]?.({ inputs: resource.inputs, resource, all, price, usage }) ?? [];
