import { refuse, type Failure, type Rules } from "../../rule";
import { at, type Values } from "../../wire";
import { parametersRight, withoutDefaults } from "./parameters";

const lowerName = {
  pattern: /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/,
  what: "lower case letters, digits and single -, a letter first",
};
const groupName = {
  property: "name",
  max: 255,
  auto: true,
  pattern: /^[a-z0-9][a-z0-9 ._-]*$/,
  what: "lower case letters, digits and ._-",
};
const instance = "aws:rds/instance:Instance";
const subnetGroup = "aws:rds/subnetGroup:SubnetGroup";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const subnets = { subnetIds: "aws:ec2/subnet:Subnet" };
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";

/** Databases. */
export const databaseRules: Rules = {
  [subnetGroup]: {
    id: "{name}",
    arn: "arn:aws:rds:{region}:{account}:subgrp:{name}",
    name: groupName,
    replace: ["name", "namePrefix"],
    unordered: ["subnetIds", "supportedNetworkTypes"],
    outputs: { vpcId: "vpc", supportedNetworkTypes: ["IPV4"] },
    refs: subnets,
    held: true,
  },
  [parameterGroup]: {
    id: "{name}",
    arn: "arn:aws:rds:{region}:{account}:pg:{name}",
    name: { ...groupName, ...lowerName },
    replace: ["name", "namePrefix", "family", "description"],
    unordered: ["parameters"],
    held: true,
    check: parametersRight,
    answer: withoutDefaults,
  },
  [instance]: {
    id: "db-{hex26}",
    arn: "arn:aws:rds:{region}:{account}:db:{identifier}",
    name: { property: "identifier", max: 63, auto: true, ...lowerName },
    replace: [
      "availabilityZone",
      "backupTarget",
      "characterSetName",
      "customIamInstanceProfile",
      "dbName",
      "engine",
      "kmsKeyId",
      "ncharCharacterSetName",
      "restoreToPointInTime",
      "s3Import",
      "snapshotIdentifier",
      "storageEncrypted",
      "timezone",
      "username",
    ],
    defaults: {
      autoMinorVersionUpgrade: true,
      publiclyAccessible: false,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: true,
      monitoringInterval: 0,
      copyTagsToSnapshot: false,
    },
    outputs: {
      address: "{identifier}.c{hex11}.{region}.rds.amazonaws.com",
      port: 5432,
      endpoint: "{address}:{port}",
      resourceId: "{id}",
      hostedZoneId: "Z{hex13}",
      engineVersionActual: "{engineVersion}",
      availabilityZone: "{region}a",
      backupWindow: "03:00-03:30",
      maintenanceWindow: "sun:04:00-sun:04:30",
      caCertIdentifier: "rds-ca-rsa2048-g1",
      status: "available",
      storageType: "gp2",
    },
    unordered: ["vpcSecurityGroupIds", "enabledCloudwatchLogsExports"],
    refs: {
      dbSubnetGroupName: subnetGroup,
      parameterGroupName: parameterGroup,
      vpcSecurityGroupIds: securityGroup,
      replicateSourceDb: instance,
    },
    held: true,
    check: database,
    keep: deletable,
  },
  "aws:rds/snapshot:Snapshot": {
    id: "{dbSnapshotIdentifier}",
    name: { property: "dbSnapshotIdentifier", max: 255, ...lowerName },
    replace: ["dbInstanceIdentifier", "dbSnapshotIdentifier"],
    // A snapshot outlives its instance, so this reference doesn't block deletion.
    outputs: {
      dbSnapshotArn: "arn:aws:rds:{region}:{account}:snapshot:{dbSnapshotIdentifier}",
      engine: "postgres",
      encrypted: true,
      snapshotType: "manual",
      status: "available",
    },
    unordered: ["sharedAccounts"],
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    id: "arn:aws:rds:{region}:{account}:auto-backup:ab-{hex26}",
    replace: ["sourceDbInstanceArn", "kmsKeyId", "retentionPeriod", "preSignedUrl"],
    defaults: { retentionPeriod: 7 },
  },
};

function database(values: Values, unknown: readonly string[]): Failure[] {
  const replica = values["replicateSourceDb"] !== undefined || unknown.includes("replicateSourceDb");
  const promoted = at(values, "tags.plinth:promoted").length > 0;
  const forbidden = replica ? ["username", "password", "dbName", "engine"] : [];
  const needed =
    replica || promoted || values["snapshotIdentifier"] !== undefined
      ? []
      : ["engine", "allocatedStorage", "username"];
  const storage = values["allocatedStorage"];
  return [
    ...forbidden
      .filter((key) => values[key] !== undefined)
      .map((key) => refuse(key, "a read replica has its source's")),
    ...needed
      .filter((key) => values[key] === undefined && !unknown.includes(key))
      .map((key) => refuse(key, "required where there is no source")),
    ...(typeof storage === "number" && storage < 20 && values["storageType"] === "gp3"
      ? [refuse("allocatedStorage", "gp3 starts at 20 GiB")]
      : []),
    ...(replica && values["manageMasterUserPassword"] === true
      ? [refuse("manageMasterUserPassword", "can't be used with read replicas")]
      : []),
    ...(Number(values["backupRetentionPeriod"] ?? 0) > 35
      ? [refuse("backupRetentionPeriod", "35 days at most")]
      : []),
  ];
}

function deletable(values: Values): string | undefined {
  if (values["deletionProtection"] === true) return "deletionProtection is on";
  const snapshot = values["skipFinalSnapshot"] === true || values["finalSnapshotIdentifier"] !== undefined;
  return snapshot ? undefined : "finalSnapshotIdentifier is required unless skipFinalSnapshot is true";
}
