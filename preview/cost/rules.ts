import type { PlannedResource } from "../report/json";
import { chartVolumes, fields } from "./nodes";
import type { Usage } from "./usage";

/** A price, and how it came about. */
export interface Priced {
  readonly usd: number;
  readonly assumption: string;
}

type Inputs = PlannedResource["inputs"];

interface Asked {
  readonly inputs: Inputs;
  readonly resource: PlannedResource;
  readonly all: readonly PlannedResource[];
  readonly price: (key: string) => number;
  readonly usage: Usage;
}

type Rule = (asked: Asked) => Priced[];

const one = (usd: number, assumption: string): Priced[] => [{ usd, assumption }];
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** vCPUs of an instance class by its size. Source: Amazon RDS user guide, hardware specifications. */
const vcpus = (size: string): number => {
  const [, times = ""] = /(\d*)xlarge$/.exec(size) ?? [];
  return size.endsWith("xlarge") ? 4 * Number(times === "" ? 1 : times) : 2;
};

/** An instance's class; a replica has its source's storage. */
const database: Rule = ({ inputs, resource, all, price, usage }) => {
  const size = text(inputs.instanceClass);
  const copies = inputs.multiAz === true ? 2 : 1;
  const source = all.find(
    ({ type, urn, inputs: other }) =>
      type === resource.type && resource.dependencies.includes(urn) && other.allocatedStorage !== undefined,
  );
  const storage = number(inputs.allocatedStorage, number(source?.inputs.allocatedStorage, 20));
  return [
    {
      usd: copies * price(`rds.${size}`) * usage.awakeHours,
      assumption: `${copies} × ${size}, ${usage.awakeHours} hours`,
    },
    {
      usd: copies * storage * price("rds.gp3"),
      assumption: `${copies} × ${storage} GiB of gp3, as allocated at first`,
    },
  ];
};

/** RDS Proxy costs by the vCPUs of its database, two at least, and runs on while that is stopped. Source: RDS Proxy pricing. */
const proxy: Rule = ({ resource, all, price, usage }) => {
  const base = resource.name.replace(/-proxy-proxy$/, "-primary");
  const target = all.find(({ name }) => name === base);
  const count = vcpus(text(target?.inputs.instanceClass));
  return one(count * price("rds.proxy") * usage.hours, `${count} vCPUs, ${usage.hours} hours`);
};

const cache: Rule = ({ inputs, price, usage }) => {
  const type = text(inputs.nodeType);
  const shards = number(inputs.numNodeGroups, 1);
  const nodes = number(inputs.numCacheClusters, shards * (1 + number(inputs.replicasPerNodeGroup, 0)));
  return one(nodes * price(`cache.${type}`) * usage.hours, `${nodes} × ${type}, ${usage.hours} hours`);
};

/** Data nodes, managers, and the data nodes' volumes. */
const search: Rule = ({ inputs, price, usage }) => {
  const { instanceType, instanceCount, dedicatedMasterType, dedicatedMasterCount } = fields(
    inputs.clusterConfig,
  );
  const nodes = [
    [text(instanceType), number(instanceCount, 1)],
    [text(dedicatedMasterType), number(dedicatedMasterCount, 0)],
  ] as const;
  const { volumeSize } = fields(inputs.ebsOptions);
  const gib = number(instanceCount, 1) * number(volumeSize, 0);
  return [
    ...nodes
      .filter(([, count]) => count > 0)
      .map(([type, count]) => ({
        usd: count * price(`search.${type}`) * usage.hours,
        assumption: `${count} × ${type}, ${usage.hours} hours`,
      })),
    { usd: gib * price("search.gp3"), assumption: `${gib} GiB of gp3` },
  ];
};

/** An instance, and the volume that its launch template gives it. What it forwards costs nothing by the GiB. */
const instance: Rule = ({ inputs, resource, all, price, usage }) => {
  const type = text(inputs.instanceType);
  const template = all.find(
    (one) => one.type === "aws:ec2/launchTemplate:LaunchTemplate" && resource.dependencies.includes(one.urn),
  );
  const [mapping] = Array.isArray(template?.inputs.blockDeviceMappings)
    ? template.inputs.blockDeviceMappings
    : [];
  const gib = number(fields(fields(mapping).ebs).volumeSize, 0);
  return [
    { usd: price(`ec2.${type}`) * usage.hours, assumption: `${type}, ${usage.hours} hours` },
    { usd: gib * price("ebs.gp3"), assumption: `${gib} GiB of gp3` },
  ];
};

/** Secrets, alarms and the like: so much for each. */
const each =
  (key: string, what: string): Rule =>
  ({ price }) =>
    one(price(key), what);

const hourly =
  (key: string, what: string): Rule =>
  ({ price, usage }) =>
    one(price(key) * usage.hours, `${what}, ${usage.hours} hours`);

/** GiB a month that CloudFront delivers for nothing, for the account. Source: CloudFront pricing, "always free". */
const freeCdnGib = 1024;

/** Its share of what all distributions deliver. */
const distribution: Rule = ({ resource, all, price, usage }) => {
  const count = all.filter(({ type }) => type === resource.type).length;
  const gib = Math.max(0, usage.cdnGib - freeCdnGib) / count;
  return one(
    gib * price("cloudfront.gib"),
    `${gib} GiB beyond the ${freeCdnGib} that are free in an account; requests up to ten million are free too`,
  );
};

/**
 * Of an endpoint in AWS: a check is free up to 50 in an account, and each option costs: HTTPS, a string to find, every ten
 * seconds, latency. Source: Route 53 pricing.
 */
const healthCheck: Rule = ({ inputs, price }) => {
  const kind = text(inputs.type);
  const options = [
    kind.startsWith("HTTPS"),
    kind.endsWith("STR_MATCH"),
    inputs.requestInterval === 10,
    inputs.measureLatency === true,
  ].filter(Boolean).length;
  return one(
    options * price("health.option"),
    `a check of an endpoint in AWS, options that cost: ${options}`,
  );
};

/** What costs by its type. `free.ts` has every other type of the stacks, and why it has no row. */
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
    "Shield Advanced, once for an organisation, without what it adds to transfer",
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
