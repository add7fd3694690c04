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
 * A policy for encryption and public access of a service.
 *
 * @param page Page of Security Hub's controls, without its extension.
 */
const service = (
  name: string,
  description: string,
  remediation: string,
  page: string,
  type: string,
  rows: readonly Row[],
) => must([type], { name, description, remediation, severity: "high", url: `${guide}/${page}.html` }, rows);

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
    "Set lbProtocol to https or ssl in each entry of listeners.",
    "elb-controls",
    "aws:elb/loadBalancer:LoadBalancer",
    [["listeners[].lbProtocol", is("https", "ssl", "HTTPS", "SSL")]],
  ),
  service(
    "lattice-listener-https",
    "VPC Lattice listeners must use HTTPS or TLS passthrough.",
    "Set protocol to HTTPS or TLS_PASSTHROUGH.",
    "securityhub-controls-reference",
    "aws:vpclattice/listener:Listener",
    [["protocol", is("HTTPS", "TLS_PASSTHROUGH")]],
  ),
  service(
    "apigateway-tls-version",
    "API Gateway custom domain names must require TLS 1.2 or later.",
    "Set securityPolicy to TLS_1_2 or a newer security policy.",
    "apigateway-controls",
    "aws:apigateway/domainName:DomainName",
    [["securityPolicy", gatewayTls]],
  ),
  service(
    "apigatewayv2-tls-version",
    "Custom domain names of API Gateway HTTP and WebSocket APIs must require TLS 1.2 or later.",
    "Set domainNameConfiguration.securityPolicy to TLS_1_2 or a newer security policy.",
    "apigateway-controls",
    "aws:apigatewayv2/domainName:DomainName",
    [["domainNameConfiguration.securityPolicy", gatewayTls]],
  ),
  service(
    "rds-cluster-parameters-tls",
    "RDS DB cluster parameter groups must require TLS.",
    "Set the parameter rds.force_ssl to 1 (for MySQL, require_secure_transport to ON).",
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
    "Set publiclyAccessible to false, or remove it.",
    "rds-controls",
    "aws:rds/clusterInstance:ClusterInstance",
    [["publiclyAccessible", unlessSet(false)]],
  ),
  service(
    "memorydb-tls",
    "MemoryDB clusters must require TLS and authenticate clients.",
    "Set tlsEnabled to true, or remove it. Set aclName to an ACL other than open-access.",
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
    "Set clusterEndpointEncryptionType to TLS and serverSideEncryption.enabled to true.",
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
    "Set encryptionInTransit.clientBroker to TLS, encryptionInTransit.inCluster to true and publicAccess.type to DISABLED, or remove them.",
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
    "Set publiclyAccessible to false, or remove it.",
    "mq-controls",
    "aws:mq/broker:Broker",
    [["publiclyAccessible", unlessSet(false)]],
  ),
  service(
    "elasticsearch-tls",
    "Elasticsearch domains must require HTTPS, and be encrypted at rest and between nodes.",
    "Set enforceHttps, nodeToNodeEncryption.enabled and encryptAtRest.enabled to true, and tlsSecurityPolicy to a Policy-Min-TLS-1-2-… policy.",
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
    "Set encrypted to true, publiclyAccessible to false and clusterParameterGroupName.",
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
    "Set the parameter require_ssl to true.",
    "redshift-controls",
    "aws:redshift/parameterGroup:ParameterGroup",
    [["parameters", sets("require_ssl", "true")]],
  ),
  service(
    "documentdb-encrypted",
    "DocumentDB clusters must be encrypted at rest.",
    "Set storageEncrypted to true.",
    "documentdb-controls",
    "aws:docdb/cluster:Cluster",
    [["storageEncrypted", is(true)]],
  ),
  service(
    "documentdb-tls",
    "DocumentDB cluster parameter groups must require TLS.",
    "Set the parameter tls to enabled.",
    "documentdb-controls",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    [["parameters", sets("tls", "enabled", "tls1.2+", "tls1.3+", "fips-140-3")]],
  ),
  service(
    "neptune-encrypted",
    "Neptune DB clusters must be encrypted at rest.",
    "Set storageEncrypted to true.",
    "neptune-controls",
    "aws:neptune/cluster:Cluster",
    [["storageEncrypted", is(true)]],
  ),
  service(
    "kinesis-encrypted",
    "Kinesis streams must be encrypted at rest.",
    "Set encryptionType to KMS.",
    "kinesis-controls",
    "aws:kinesis/stream:Stream",
    [["encryptionType", is("KMS")]],
  ),
  service(
    "transfer-encrypted",
    "Transfer Family servers must not use FTP.",
    "Set protocols without FTP.",
    "transfer-controls",
    "aws:transfer/server:Server",
    // FTP is the only protocol without encryption.
    [
      ["protocols", given],
      ["protocols", noneOf("FTP")],
    ],
  ),
  service(
    "dms-endpoint-tls",
    "DMS endpoints must use TLS.",
    "Set sslMode to require, verify-ca or verify-full.",
    "dms-controls",
    "aws:dms/endpoint:Endpoint",
    [["sslMode", is("require", "verify-ca", "verify-full"), ({ props }) => props.engineName !== "s3"]],
  ),
];
