import type { Policies } from "@pulumi/policy";
import { given, having, is, like, noneOf, not, unlessSet } from "../../standards/tests";
import { must, type Row, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/securityhub/latest/userguide";

/** A list of parameters that sets one to one of these values. */
const sets = (name: string, ...values: string[]) =>
  having(
    (item) => isRecord(item) && item.name === name && values.includes(String(item.value)),
    `a list that sets ${name} to ${values[0]}`,
  );

const isMysql = ({ props }: Whole) => /mysql/.test(String(props.family));

/**
 * A rule on encryption and public access of a service.
 *
 * @param page Page of Security Hub's controls, without its extension.
 */
const service = (name: string, description: string, page: string, type: string, rows: readonly Row[]) =>
  must(
    [type],
    {
      name,
      description,
      severity: "high",
      remediation: `Set ${[...new Set(rows.map(([path]) => path))].join(", ")} to the value in the message.`,
      url: `${guide}/${page}.html`,
    },
    rows,
  );

/** Security policies of API Gateway domain names with TLS 1.2 or later. */
const gatewayTls = like(/^(TLS_1_2|SecurityPolicy_TLS1[23]_\w+)$/, "TLS_1_2 or a newer security policy");

/**
 * Services that no stack uses yet, with the requirements of those in use: TLS, encryption at rest, and no public access.
 * Defaults are those of the AWS API.
 */
export const transitRows: Policies = [
  service(
    "elb-classic-https",
    "Classic Load Balancer listeners must use HTTPS or SSL.",
    "elb-controls",
    "aws:elb/loadBalancer:LoadBalancer",
    [["listeners[].lbProtocol", is("https", "ssl", "HTTPS", "SSL")]],
  ),
  service(
    "lattice-listener-https",
    "VPC Lattice listeners must use HTTPS or TLS passthrough.",
    "securityhub-controls-reference",
    "aws:vpclattice/listener:Listener",
    [["protocol", is("HTTPS", "TLS_PASSTHROUGH")]],
  ),
  service(
    "apigateway-tls-version",
    "API Gateway custom domain names must require TLS 1.2 or later.",
    "apigateway-controls",
    "aws:apigateway/domainName:DomainName",
    [["securityPolicy", gatewayTls]],
  ),
  service(
    "apigatewayv2-tls-version",
    "Custom domain names of API Gateway HTTP and WebSocket APIs must require TLS 1.2 or later.",
    "apigateway-controls",
    "aws:apigatewayv2/domainName:DomainName",
    [["domainNameConfiguration.securityPolicy", gatewayTls]],
  ),
  service(
    "rds-cluster-parameters-tls",
    "RDS DB cluster parameter groups must require TLS.",
    "rds-controls",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    [
      ["parameters", sets("rds.force_ssl", "1"), (whole) => !isMysql(whole)],
      ["parameters", sets("require_secure_transport", "ON", "1"), isMysql],
    ],
  ),
  service(
    "rds-cluster-private",
    "RDS DB cluster instances must not be publicly accessible.",
    "rds-controls",
    "aws:rds/clusterInstance:ClusterInstance",
    [["publiclyAccessible", unlessSet(false)]],
  ),
  service(
    "memorydb-tls",
    "MemoryDB clusters must require TLS and authenticate clients.",
    "securityhub-controls-reference",
    "aws:memorydb/cluster:Cluster",
    [
      ["tlsEnabled", unlessSet(true)],
      ["aclName", not("open-access")],
    ],
  ),
  service(
    "dax-tls",
    "DAX clusters must be encrypted in transit and at rest.",
    "dynamodb-controls",
    "aws:dax/cluster:Cluster",
    [
      ["clusterEndpointEncryptionType", is("TLS")],
      ["serverSideEncryption.enabled", is(true)],
    ],
  ),
  service(
    "msk-tls",
    "MSK clusters must be encrypted in transit and must not be publicly accessible.",
    "msk-controls",
    "aws:msk/cluster:Cluster",
    [
      ["encryptionInfo.encryptionInTransit.clientBroker", unlessSet("TLS")],
      ["encryptionInfo.encryptionInTransit.inCluster", unlessSet(true)],
      ["brokerNodeGroupInfo.connectivityInfo.publicAccess.type", unlessSet("DISABLED")],
    ],
  ),
  service(
    "mq-private",
    "Amazon MQ brokers must not be publicly accessible.",
    "mq-controls",
    "aws:mq/broker:Broker",
    [["publiclyAccessible", unlessSet(false)]],
  ),
  service(
    "elasticsearch-tls",
    "Elasticsearch domains must require HTTPS, and be encrypted at rest and between nodes.",
    "es-controls",
    "aws:elasticsearch/domain:Domain",
    [
      ["domainEndpointOptions.enforceHttps", is(true)],
      ["domainEndpointOptions.tlsSecurityPolicy", like(/^Policy-Min-TLS-1-2-/, "Policy-Min-TLS-1-2-…")],
      ["nodeToNodeEncryption.enabled", is(true)],
      ["encryptAtRest.enabled", is(true)],
    ],
  ),
  service(
    "redshift-private",
    "Redshift clusters must be encrypted at rest, have a parameter group and not be publicly accessible.",
    "redshift-controls",
    "aws:redshift/cluster:Cluster",
    [
      ["encrypted", is(true, "true")],
      ["publiclyAccessible", unlessSet(false)],
      // The default parameter group doesn't require TLS.
      ["clusterParameterGroupName", given],
    ],
  ),
  service(
    "redshift-tls",
    "Redshift parameter groups must require TLS.",
    "redshift-controls",
    "aws:redshift/parameterGroup:ParameterGroup",
    [["parameters", sets("require_ssl", "true")]],
  ),
  service(
    "documentdb-encrypted",
    "DocumentDB clusters must be encrypted at rest.",
    "documentdb-controls",
    "aws:docdb/cluster:Cluster",
    [["storageEncrypted", is(true)]],
  ),
  service(
    "documentdb-tls",
    "DocumentDB cluster parameter groups must require TLS.",
    "documentdb-controls",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    [["parameters", sets("tls", "enabled", "tls1.2+", "tls1.3+", "fips-140-3")]],
  ),
  service(
    "neptune-encrypted",
    "Neptune DB clusters must be encrypted at rest.",
    "neptune-controls",
    "aws:neptune/cluster:Cluster",
    [["storageEncrypted", is(true)]],
  ),
  service(
    "kinesis-encrypted",
    "Kinesis streams must be encrypted at rest.",
    "kinesis-controls",
    "aws:kinesis/stream:Stream",
    [["encryptionType", is("KMS")]],
  ),
  service(
    "transfer-encrypted",
    "Transfer Family servers must not use FTP.",
    "transfer-controls",
    "aws:transfer/server:Server",
    // FTP is the only protocol without encryption.
    [
      ["protocols", given],
      ["protocols", noneOf("FTP")],
    ],
  ),
  service("dms-endpoint-tls", "DMS endpoints must use TLS.", "dms-controls", "aws:dms/endpoint:Endpoint", [
    ["sslMode", is("require", "verify-ca", "verify-full"), ({ props }) => props.engineName !== "s3"],
  ]),
];
