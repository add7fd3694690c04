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
    unordered: ["parameters"],
    held: true,
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    id: "{replicationGroupId}",
    arn: "arn:aws:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
    name: { property: "replicationGroupId", max: 40, auto: true, ...lowerName },
    replace: [
      "replicationGroupId",
      "atRestEncryptionEnabled",
      "dataTieringEnabled",
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
      primaryEndpointAddress: "master.{replicationGroupId}.{hex6}.cache.amazonaws.com",
      readerEndpointAddress: "replica.{replicationGroupId}.{hex6}.cache.amazonaws.com",
      configurationEndpointAddress: "",
      engineVersionActual: "{engineVersion}",
      memberClusters: ["{replicationGroupId}-001"],
    },
    unordered: ["securityGroupIds", "userGroupIds", "logDeliveryConfigurations"],
    refs: {
      securityGroupIds: "aws:ec2/securityGroup:SecurityGroup",
      userGroupIds: "aws:elasticache/userGroup:UserGroup",
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

function cache(values: Values): Failure[] {
  const failures: Failure[] = [];
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
