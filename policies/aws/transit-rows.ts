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

interface Service {
  readonly name: string;
  readonly what: string;
  /** Page of Security Hub's controls, without its ending. */
  readonly page: string;
  readonly types: readonly string[];
  readonly rows: readonly Row[];
}

/** TLS 1.2 or newer of a domain name of API Gateway. */
const gatewayTls = like(/^(TLS_1_2|SecurityPolicy_TLS1[23]_\w+)$/, "TLS_1_2, or a newer policy");

/**
 * Services that no stack uses yet. Whoever adds one meets what holds for those in use: TLS, a key at rest, and no public
 * address. Defaults are those of the AWS API.
 */
const services: readonly Service[] = [
  {
    ...{ name: "elb-classic-https", what: "A classic load balancer", page: "elb-controls" },
    types: ["aws:elb/loadBalancer:LoadBalancer"],
    rows: [["listeners[].lbProtocol", is("https", "ssl", "HTTPS", "SSL")]],
  },
  {
    ...{
      name: "lattice-listener-https",
      what: "A listener of VPC Lattice",
      page: "securityhub-controls-reference",
    },
    types: ["aws:vpclattice/listener:Listener"],
    rows: [["protocol", is("HTTPS", "TLS_PASSTHROUGH")]],
  },
  {
    ...{ name: "apigateway-tls-version", what: "A domain name of API Gateway", page: "apigateway-controls" },
    types: ["aws:apigateway/domainName:DomainName"],
    rows: [["securityPolicy", gatewayTls]],
  },
  {
    ...{
      name: "apigatewayv2-tls-version",
      what: "A domain name of API Gateway",
      page: "apigateway-controls",
    },
    types: ["aws:apigatewayv2/domainName:DomainName"],
    rows: [["domainNameConfiguration.securityPolicy", gatewayTls]],
  },
  {
    ...{ name: "rds-cluster-parameters-tls", what: "An Aurora cluster", page: "rds-controls" },
    types: ["aws:rds/clusterParameterGroup:ClusterParameterGroup"],
    rows: [
      ["parameters", sets("rds.force_ssl", "1"), (whole) => !isMysql(whole)],
      ["parameters", sets("require_secure_transport", "ON", "1"), isMysql],
    ],
  },
  {
    ...{ name: "rds-cluster-private", what: "An instance of an Aurora cluster", page: "rds-controls" },
    types: ["aws:rds/clusterInstance:ClusterInstance"],
    rows: [["publiclyAccessible", unlessSet(false)]],
  },
  {
    ...{ name: "memorydb-tls", what: "A cluster of MemoryDB", page: "securityhub-controls-reference" },
    types: ["aws:memorydb/cluster:Cluster"],
    rows: [
      ["tlsEnabled", unlessSet(true)],
      ["aclName", not("open-access")],
    ],
  },
  {
    ...{ name: "dax-tls", what: "A cluster of DynamoDB Accelerator", page: "dynamodb-controls" },
    types: ["aws:dax/cluster:Cluster"],
    rows: [
      ["clusterEndpointEncryptionType", is("TLS")],
      ["serverSideEncryption.enabled", is(true)],
    ],
  },
  {
    ...{ name: "msk-tls", what: "A Kafka cluster", page: "msk-controls" },
    types: ["aws:msk/cluster:Cluster"],
    rows: [
      ["encryptionInfo.encryptionInTransit.clientBroker", unlessSet("TLS")],
      ["encryptionInfo.encryptionInTransit.inCluster", unlessSet(true)],
      ["brokerNodeGroupInfo.connectivityInfo.publicAccess.type", unlessSet("DISABLED")],
    ],
  },
  {
    ...{ name: "mq-private", what: "A broker of Amazon MQ", page: "mq-controls" },
    types: ["aws:mq/broker:Broker"],
    rows: [["publiclyAccessible", unlessSet(false)]],
  },
  {
    ...{ name: "elasticsearch-tls", what: "A domain of Elasticsearch", page: "es-controls" },
    types: ["aws:elasticsearch/domain:Domain"],
    rows: [
      ["domainEndpointOptions.enforceHttps", is(true)],
      ["domainEndpointOptions.tlsSecurityPolicy", like(/^Policy-Min-TLS-1-2-/, "Policy-Min-TLS-1-2-…")],
      ["nodeToNodeEncryption.enabled", is(true)],
      ["encryptAtRest.enabled", is(true)],
    ],
  },
  {
    ...{ name: "redshift-private", what: "A cluster of Redshift", page: "redshift-controls" },
    types: ["aws:redshift/cluster:Cluster"],
    rows: [
      ["encrypted", is(true, "true")],
      ["publiclyAccessible", unlessSet(false)],
      // The default group doesn't demand TLS.
      ["clusterParameterGroupName", given],
    ],
  },
  {
    ...{ name: "redshift-tls", what: "A parameter group of Redshift", page: "redshift-controls" },
    types: ["aws:redshift/parameterGroup:ParameterGroup"],
    rows: [["parameters", sets("require_ssl", "true")]],
  },
  {
    ...{ name: "documentdb-encrypted", what: "A cluster of DocumentDB", page: "documentdb-controls" },
    types: ["aws:docdb/cluster:Cluster"],
    rows: [["storageEncrypted", is(true)]],
  },
  {
    ...{ name: "documentdb-tls", what: "A parameter group of DocumentDB", page: "documentdb-controls" },
    types: ["aws:docdb/clusterParameterGroup:ClusterParameterGroup"],
    rows: [["parameters", sets("tls", "enabled", "tls1.2+", "tls1.3+", "fips-140-3")]],
  },
  {
    ...{ name: "neptune-encrypted", what: "A cluster of Neptune", page: "neptune-controls" },
    types: ["aws:neptune/cluster:Cluster"],
    rows: [["storageEncrypted", is(true)]],
  },
  {
    ...{ name: "kinesis-encrypted", what: "A stream of Kinesis", page: "kinesis-controls" },
    types: ["aws:kinesis/stream:Stream"],
    rows: [["encryptionType", is("KMS")]],
  },
  {
    ...{ name: "transfer-encrypted", what: "A server of Transfer Family", page: "transfer-controls" },
    types: ["aws:transfer/server:Server"],
    // FTP, which is in the clear, is the only other one.
    rows: [
      ["protocols", given],
      ["protocols", noneOf("FTP")],
    ],
  },
  {
    ...{ name: "dms-endpoint-tls", what: "An endpoint of Database Migration Service", page: "dms-controls" },
    types: ["aws:dms/endpoint:Endpoint"],
    rows: [["sslMode", is("require", "verify-ca", "verify-full"), ({ props }) => props.engineName !== "s3"]],
  },
];

/** One rule a service. */
export const transitRows: Policies = services.map(({ name, what, page, types, rows }) =>
  must(
    types,
    {
      name,
      description: `${what} is encrypted in transit and at rest, and isn't public.`,
      severity: "high",
      remediation: `Set ${rows.map(([path]) => path).join(", ")} as the message says.`,
      url: `${guide}/${page}.html`,
    },
    rows,
  ),
);
