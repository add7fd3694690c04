import { fields } from "./nodes";
import { number, one, text, type Rule } from "./rule";

/** Rules of resources whose price has several parts. */

/** vCPUs of an instance class by its size. Source: Amazon RDS user guide, hardware specifications. */
const vcpus = (size: string): number => {
  const [, times = ""] = /(\d*)xlarge$/.exec(size) ?? [];
  return size.endsWith("xlarge") ? 4 * Number(times === "" ? 1 : times) : 2;
};

/** An instance's class; a replica has its source's storage. */
export const database: Rule = ({ inputs, resource, all, price, usage }) => {
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

/**
 * RDS Proxy is charged by the vCPUs of its database, at least two, also while the database is stopped. Source: RDS
 * Proxy pricing.
 */
export const proxy: Rule = ({ resource, all, price, usage }) => {
  const base = resource.name.replace(/-proxy-proxy$/, "-primary");
  const target = all.find(({ name }) => name === base);
  const count = vcpus(text(target?.inputs.instanceClass));
  return one(count * price("rds.proxy") * usage.hours, `${count} vCPUs, ${usage.hours} hours`);
};

export const cache: Rule = ({ inputs, price, usage }) => {
  const type = text(inputs.nodeType);
  const shards = number(inputs.numNodeGroups, 1);
  const nodes = number(inputs.numCacheClusters, shards * (1 + number(inputs.replicasPerNodeGroup, 0)));
  return one(nodes * price(`cache.${type}`) * usage.hours, `${nodes} × ${type}, ${usage.hours} hours`);
};

/** Data nodes, managers, and the data nodes' volumes. */
export const search: Rule = ({ inputs, price, usage }) => {
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

/** An instance, and the volume in its launch template. Forwarded traffic isn't charged per GiB. */
export const instance: Rule = ({ inputs, resource, all, price, usage }) => {
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

/** GiB a month that CloudFront transfers for free, per account. Source: CloudFront pricing, "always free". */
const freeCdnGib = 1024;

/** Its share of the data transfer of all distributions. */
export const distribution: Rule = ({ resource, all, price, usage }) => {
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
export const healthCheck: Rule = ({ inputs, price }) => {
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
