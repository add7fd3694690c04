import type { Policies } from "@pulumi/policy";
import { given, having, is, like, noneOf, not, unlessSet } from "../../standards/tests";
import { must, type Row, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/securityhub/latest/userguide";

/** Whether an item of a parameter group sets a parameter to one of these values. */
const sets = (name: string, ...values: string[]) =>
  having(
    (item) => isRecord(item) && item.name === name && values.includes(String(item.value)),
    `a list with ${name} ${values[0]}`,
  );

const isMysql = ({ props }: Whole) => /mysql/.test(String(props.family));

/**
 * A rule on what a service encrypts and shows to the internet.
 *
 * @param what The resource, as a sentence begins with it.
 * @param page Page of Security Hub's controls, without its ending.
 */
const service = (name: string, what: string, page: string, type: string, rows: readonly Row[]) =>
  must(
    [type],
    {
      name,
      description: `${what} is encrypted in transit and at rest, and isn't public.`,
      severity: "high",
      remediation: `Set ${rows.map(([path]) => path).join(", ")} as the message says.`,
      url: `${guide}/${page}.html`,
    },
    rows,
  );

/** TLS 1.2 or newer of a domain name of API Gateway. */
const gatewayTls = like(/^(TLS_1_2|SecurityPolicy_TLS1[23]_\w+)$/, "TLS_1_2, or a newer policy");

/**
 * Services that no stack uses yet. Whoever adds one meets what holds for those in use: TLS, a key at rest, and no public
 * address. Defaults are those of the AWS API.
 */
export const transitRows: Policies = [
  service(
    "elb-classic-https",
    "A classic load balancer",
    "elb-controls",
    "aws:elb/loadBalancer:LoadBalancer",
    [["listeners[].lbProtocol", is("https", "ssl", "HTTPS", "SSL")]],
  ),
  service(
    "lattice-listener-https",
    "A listener of VPC Lattice",
    "securityhub-controls-reference",
    "aws:vpclattice/listener:Listener",
    [["protocol", is("HTTPS", "TLS_PASSTHROUGH")]],
  ),
  service(
    "apigateway-tls-version",
    "A domain name of API Gateway",
    "apigateway-controls",
    "aws:apigateway/domainName:DomainName",
    [["securityPolicy", gatewayTls]],
  ),
  service(
    "apigatewayv2-tls-version",
    "A domain name of API Gateway",
    "apigateway-controls",
    "aws:apigatewayv2/domainName:DomainName",
    [["domainNameConfiguration.securityPolicy", gatewayTls]],
  ),
  service(
    "rds-cluster-parameters-tls",
    "An Aurora cluster",
    "rds-controls",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    [
      ["parameters", sets("rds.force_ssl", "1"), (whole) => !isMysql(whole)],
      ["parameters", sets("require_secure_transport", "ON", "1"), isMysql],
    ],
  ),
  service(
    "rds-cluster-private",
    "An instance of an Aurora cluster",
    "rds-controls",
    "aws:rds/clusterInstance:ClusterInstance",
    [["publiclyAccessible", unlessSet(false)]],
  ),
  service(
    "memorydb-tls",
    "A cluster of MemoryDB",
    "securityhub-controls-reference",
    "aws:memorydb/cluster:Cluster",
    [
      ["tlsEnabled", unlessSet(true)],
      ["aclName", not("open-access")],
    ],
  ),
  service("dax-tls", "A cluster of DynamoDB Accelerator", "dynamodb-controls", "aws:dax/cluster:Cluster", [
    ["clusterEndpointEncryptionType", is("TLS")],
    ["serverSideEncryption.enabled", is(true)],
  ]),
  service("msk-tls", "A Kafka cluster", "msk-controls", "aws:msk/cluster:Cluster", [
    ["encryptionInfo.encryptionInTransit.clientBroker", unlessSet("TLS")],
    ["encryptionInfo.encryptionInTransit.inCluster", unlessSet(true)],
    ["brokerNodeGroupInfo.connectivityInfo.publicAccess.type", unlessSet("DISABLED")],
  ]),
  service("mq-private", "A broker of Amazon MQ", "mq-controls", "aws:mq/broker:Broker", [
    ["publiclyAccessible", unlessSet(false)],
  ]),
  service(
    "elasticsearch-tls",
    "A domain of Elasticsearch",
    "es-controls",
    "aws:elasticsearch/domain:Domain",
    [
      ["domainEndpointOptions.enforceHttps", is(true)],
      ["domainEndpointOptions.tlsSecurityPolicy", like(/^Policy-Min-TLS-1-2-/, "Policy-Min-TLS-1-2-…")],
      ["nodeToNodeEncryption.enabled", is(true)],
      ["encryptAtRest.enabled", is(true)],
    ],
  ),
  service("redshift-private", "A cluster of Redshift", "redshift-controls", "aws:redshift/cluster:Cluster", [
    ["encrypted", is(true, "true")],
    ["publiclyAccessible", unlessSet(false)],
    // The default group doesn't demand TLS.
    ["clusterParameterGroupName", given],
  ]),
  service(
    "redshift-tls",
    "A parameter group of Redshift",
    "redshift-controls",
    "aws:redshift/parameterGroup:ParameterGroup",
    [["parameters", sets("require_ssl", "true")]],
  ),
  service(
    "documentdb-encrypted",
    "A cluster of DocumentDB",
    "documentdb-controls",
    "aws:docdb/cluster:Cluster",
    [["storageEncrypted", is(true)]],
  ),
  service(
    "documentdb-tls",
    "A parameter group of DocumentDB",
    "documentdb-controls",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    [["parameters", sets("tls", "enabled", "tls1.2+", "tls1.3+", "fips-140-3")]],
  ),
  service("neptune-encrypted", "A cluster of Neptune", "neptune-controls", "aws:neptune/cluster:Cluster", [
    ["storageEncrypted", is(true)],
  ]),
  service("kinesis-encrypted", "A stream of Kinesis", "kinesis-controls", "aws:kinesis/stream:Stream", [
    ["encryptionType", is("KMS")],
  ]),
  service(
    "transfer-encrypted",
    "A server of Transfer Family",
    "transfer-controls",
    "aws:transfer/server:Server", // FTP, which is in the clear, is the only other one.
    [
      ["protocols", given],
      ["protocols", noneOf("FTP")],
    ],
  ),
  service(
    "dms-endpoint-tls",
    "An endpoint of Database Migration Service",
    "dms-controls",
    "aws:dms/endpoint:Endpoint",
    [["sslMode", is("require", "verify-ca", "verify-full"), ({ props }) => props.engineName !== "s3"]],
  ),
];
