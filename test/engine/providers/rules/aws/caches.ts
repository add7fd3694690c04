import { randomBytes } from "node:crypto";
import { refuse, type Failure, type Rules } from "../../rule";
import { isObject, type Values } from "../../wire";

const lowerName = {
  pattern: /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/,
  what: "lower case letters, digits and single -, a letter first",
};

/** Caches. */
export const cacheRules: Rules = {
  "aws:elasticache/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:aws:elasticache:{region}:{account}:subnetgroup:{name}",
    name: {
      property: "name",
      max: 255,
      auto: true,
      pattern: /^[A-Za-z0-9-]+$/,
      what: "letters, digits and -",
    },
    replace: ["name"],
    lower: ["name"],
    outputs: { vpcId: "vpc" },
    unordered: ["subnetIds"],
    refs: { subnetIds: "aws:ec2/subnet:Subnet" },
    held: true,
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    id: "{name}",
    arn: "arn:aws:elasticache:{region}:{account}:parametergroup:{name}",
    name: { property: "name", max: 255, auto: true, ...lowerName },
    replace: ["name", "family", "description"],
    defaults: { description: "Managed by Pulumi" },
    unordered: ["parameters"],
    held: true,
    answer: withoutDefaults,
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    id: "{replicationGroupId}",
    arn: "arn:aws:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
    name: { property: "replicationGroupId", max: 40, auto: true, ...lowerName },
    replace: [
      "replicationGroupId",
      "atRestEncryptionEnabled",
      "dataTieringEnabled",
      "durability",
      "globalReplicationGroupId",
      "kmsKeyId",
      "networkType",
      "port",
      "securityGroupNames",
      "snapshotArns",
      "snapshotName",
      "subnetGroupName",
    ],
    defaults: {
      engine: "redis",
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      autoMinorVersionUpgrade: true,
    },
    outputs: {
      port: 6379,
      // In cluster mode there is one configuration endpoint and no primary endpoint.
      configurationEndpointAddress: (values: Values) =>
        sharded(values) ? address("clustercfg", values) : "",
      primaryEndpointAddress: (values: Values) => (sharded(values) ? "" : address("master", values)),
      readerEndpointAddress: (values: Values) => (sharded(values) ? "" : address("replica", values)),
      clusterEnabled: sharded,
      engineVersionActual: "{engineVersion}",
      memberClusters: members,
    },
    unordered: ["securityGroupIds", "userGroupIds", "logDeliveryConfigurations"],
    refs: {
      securityGroupIds: "aws:ec2/securityGroup:SecurityGroup",
      userGroupIds: "aws:elasticache/userGroup:UserGroup",
      parameterGroupName: "aws:elasticache/parameterGroup:ParameterGroup",
      subnetGroupName: "aws:elasticache/subnetGroup:SubnetGroup",
    },
    held: true,
    check: cache,
  },
  "aws:elasticache/user:User": {
    id: "{userId}",
    arn: "arn:aws:elasticache:{region}:{account}:user:{userId}",
    name: { property: "userId", max: 40, ...lowerName },
    replace: ["userId", "userName"],
    defaults: { noPasswordRequired: false },
    unordered: ["passwords", "authenticationMode.passwords"],
    held: true,
    check: passwords,
  },
  "aws:elasticache/userGroup:UserGroup": {
    id: "{userGroupId}",
    arn: "arn:aws:elasticache:{region}:{account}:usergroup:{userGroupId}",
    name: { property: "userGroupId", max: 40, ...lowerName },
    replace: ["userGroupId"],
    unordered: ["userIds"],
    refs: { userIds: "aws:elasticache/user:User" },
    held: true,
  },
};

/** Default values of parameters. Source: ElastiCache user guide, Valkey parameters. */
const parameterDefaults: Readonly<Record<string, string>> = {
  "cluster-enabled": "no",
  "maxmemory-policy": "volatile-lru",
  timeout: "0",
};

/** ElastiCache doesn't distinguish a parameter set to its default from an unset one. */
function withoutDefaults(values: Values): Values {
  const given = Array.isArray(values["parameters"]) ? (values["parameters"] as unknown[]) : [];
  const parameters = given.filter(
    (item) => !isObject(item) || parameterDefaults[String(item["name"])] !== item["value"],
  );
  return { ...values, parameters };
}

/** Whether keys are distributed across shards, which clients must support. */
function sharded({ clusterMode, numNodeGroups }: Values): boolean {
  return clusterMode === "enabled" || Number(numNodeGroups ?? 1) > 1;
}

const address = (first: string, { replicationGroupId, region }: Values) =>
  `${first}.${String(replicationGroupId)}.${randomBytes(3).toString("hex")}.${String(region)}.cache.amazonaws.com`;

/** Ids of the nodes, numbered within their shard. */
function members(values: Values): string[] {
  const number = (index: number, length: number) => String(index + 1).padStart(length, "0");
  const { replicationGroupId, numCacheClusters, numNodeGroups, replicasPerNodeGroup } = values;
  const nodes = sharded(values) ? 1 + Number(replicasPerNodeGroup ?? 0) : Number(numCacheClusters ?? 1);
  const shards = sharded(values)
    ? Array.from({ length: Number(numNodeGroups ?? 1) }, (_, index) => `-${number(index, 4)}`)
    : [""];
  return shards.flatMap((shard) =>
    Array.from({ length: nodes }, (_, index) => `${String(replicationGroupId)}${shard}-${number(index, 3)}`),
  );
}

function cache(values: Values): Failure[] {
  const failures: Failure[] = [];
  for (const key of ["numNodeGroups", "replicasPerNodeGroup"])
    if (values["numCacheClusters"] !== undefined && values[key] !== undefined)
      failures.push(refuse(key, "can't be given with numCacheClusters"));
  if (sharded(values) && values["automaticFailoverEnabled"] !== true)
    failures.push(refuse("automaticFailoverEnabled", "is always on in cluster mode"));
  if (values["authToken"] !== undefined && values["userGroupIds"] !== undefined)
    failures.push(refuse("authToken", "give authToken or userGroupIds"));
  if (values["multiAzEnabled"] === true && values["automaticFailoverEnabled"] !== true)
    failures.push(refuse("multiAzEnabled", "needs automaticFailoverEnabled"));
  if (
    values["automaticFailoverEnabled"] === true &&
    typeof values["numCacheClusters"] === "number" &&
    values["numCacheClusters"] < 2
  )
    failures.push(refuse("numCacheClusters", "automatic failover needs two or more"));
  const auth = values["authToken"] !== undefined || values["userGroupIds"] !== undefined;
  if (auth && values["transitEncryptionEnabled"] !== true)
    failures.push(refuse("transitEncryptionEnabled", "authentication needs it"));
  return failures;
}

function passwords(values: Values): Failure[] {
  const mode = values["authenticationMode"];
  const given = [values["passwords"], isObject(mode) ? mode["passwords"] : undefined]
    .flat()
    .filter((item) => typeof item === "string");
  return given
    .filter((text) => text.length < 16 || text.length > 128)
    .map(() => refuse("passwords", "16 to 128 characters"));
}
