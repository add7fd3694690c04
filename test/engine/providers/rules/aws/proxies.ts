import { refuse, type Failure, type Rules } from "../../rule";
import { isObject, type Values } from "../../wire";
import { all, between, exactlyOne, oneOf } from "./checks";

const proxy = "aws:rds/proxy:Proxy";
const targetGroup = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";

/** RDS Proxy. It can be renamed in place, but its targets and pool can't be moved. */
export const proxyRules: Rules = {
  [proxy]: {
    id: "{name}",
    arn: "arn:aws:rds:{region}:{account}:db-proxy:prx-{hex17}",
    name: {
      property: "name",
      max: 63,
      auto: true,
      pattern: /^[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)$/,
      what: "letters, digits and single -, a letter first",
    },
    replace: ["engineFamily", "vpcSubnetIds", "endpointNetworkType", "targetConnectionNetworkType"],
    defaults: { debugLogging: false, requireTls: false },
    outputs: {
      endpoint: "{name}.proxy-c{hex11}.{region}.rds.amazonaws.com",
      idleClientTimeout: 1800,
      defaultAuthScheme: "NONE",
      endpointNetworkType: "IPV4",
      targetConnectionNetworkType: "IPV4",
    },
    unordered: ["auths", "vpcSecurityGroupIds", "vpcSubnetIds"],
    refs: {
      vpcSecurityGroupIds: "aws:ec2/securityGroup:SecurityGroup",
      vpcSubnetIds: "aws:ec2/subnet:Subnet",
      "auths.secretArn": "aws:secretsmanager/secret:Secret",
      roleArn: "aws:iam/role:Role",
    },
    check: all(
      between({ idleClientTimeout: [1, 28_800] }),
      oneOf({ engineFamily: ["MYSQL", "POSTGRESQL", "SQLSERVER"] }),
      reachable,
    ),
  },
  // Created and deleted together with its proxy: creation only updates it, deletion only drops it from the state.
  [targetGroup]: {
    id: "{dbProxyName}",
    arn: "arn:aws:rds:{region}:{account}:target-group:prx-tg-{hex17}",
    replace: ["dbProxyName"],
    outputs: { name: "default" },
    unordered: ["connectionPoolConfig.sessionPinningFilters"],
    refs: { dbProxyName: proxy },
    check: all(
      between({
        "connectionPoolConfig.connectionBorrowTimeout": [0, 300],
        "connectionPoolConfig.maxConnectionsPercent": [1, 100],
      }),
      idle,
    ),
    answer: (values) => ({ ...values, connectionPoolConfig: pool(values) }),
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    id: "{dbProxyName}/{targetGroupName}/RDS_INSTANCE/{dbInstanceIdentifier}",
    replace: ["dbProxyName", "targetGroupName", "dbInstanceIdentifier", "dbClusterIdentifier"],
    outputs: {
      endpoint: "{dbInstanceIdentifier}.c{hex11}.{region}.rds.amazonaws.com",
      port: 5432,
      rdsResourceId: "{dbInstanceIdentifier}",
      targetArn: "arn:aws:rds:{region}:{account}:db:{dbInstanceIdentifier}",
      trackedClusterId: "",
      type: "RDS_INSTANCE",
    },
    refs: { dbProxyName: proxy, dbInstanceIdentifier: "aws:rds/instance:Instance" },
    check: all(
      exactlyOne("dbInstanceIdentifier", "dbClusterIdentifier"),
      oneOf({ targetGroupName: ["default"] }),
    ),
  },
};

/** A proxy needs subnets in two zones, and at least one login. */
function reachable({ vpcSubnetIds, auths }: Values): Failure[] {
  const few = Array.isArray(vpcSubnetIds) && vpcSubnetIds.length < 2;
  const nobody = Array.isArray(auths) && auths.length === 0;
  return [
    ...(few ? [refuse("vpcSubnetIds", "two subnets at least, in different zones")] : []),
    ...(nobody ? [refuse("auths", "one login at least")] : []),
  ];
}

/** The pool with defaults that the provider, not RDS, sets. */
const pool = ({ connectionPoolConfig }: Values): Values => ({
  connectionBorrowTimeout: 120,
  maxConnectionsPercent: 100,
  maxIdleConnectionsPercent: 50,
  ...(isObject(connectionPoolConfig) ? connectionPoolConfig : {}),
});

/** The provider always sends the percentage of idle connections, by default 50; RDS refuses more than the maximum. */
function idle(values: Values): Failure[] {
  const { maxConnectionsPercent: most, maxIdleConnectionsPercent: kept } = pool(values);
  if (typeof most !== "number" || typeof kept !== "number" || kept <= most) return [];
  const reason = `${kept} (50 where it is left out) is more than maxConnectionsPercent, ${most}`;
  return [refuse("connectionPoolConfig.maxIdleConnectionsPercent", reason)];
}
