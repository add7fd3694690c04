import { sample, scenario, unknown } from "../scenario";

const types = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"];

const domain = () =>
  sample(
    "aws:opensearch/domain:Domain",
    {
      domainName: "plinth-prod-logs",
      engineVersion: "OpenSearch_3.1",
      clusterConfig: {
        instanceType: "r6g.large.search",
        instanceCount: 3,
        zoneAwarenessEnabled: true,
        zoneAwarenessConfig: { availabilityZoneCount: 3 },
        dedicatedMasterEnabled: true,
        dedicatedMasterCount: 3,
        dedicatedMasterType: "m6g.large.search",
      },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 300 },
      vpcOptions: { subnetIds: [unknown], securityGroupIds: [unknown] },
      encryptAtRest: { enabled: true, kmsKeyId: unknown },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: false,
        masterUserOptions: { masterUserArn: unknown },
      },
      accessPolicies: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111111111111:root" },
            Action: "es:ESHttpGet",
            Resource: "arn:aws:es:ap-northeast-2:111111111111:domain/plinth-prod-logs/*",
          },
        ],
      }),
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
      offPeakWindowOptions: { enabled: true },
      logPublishingOptions: types.map((logType) => ({ logType, cloudwatchLogGroupArn: unknown })),
    },
    { protect: true },
  );

const collector = () =>
  sample("kubernetes:apps/v1:DaemonSet", {
    metadata: { name: "otel-agent", namespace: "telemetry-nodes" },
    spec: {
      selector: { matchLabels: { app: "otel-agent" } },
      template: {
        metadata: { labels: { app: "otel-agent" } },
        spec: {
          containers: [
            {
              name: "collector",
              image: "docker.io/otel/opentelemetry-collector-contrib:0.159.0",
              volumeMounts: [{ name: "logs", mountPath: "/var/log/pods", readOnly: true }],
            },
          ],
          volumes: [{ name: "logs", hostPath: { path: "/var/log/pods" } }],
        },
      },
    },
  });

export const search = [
  scenario("a protected OpenSearch domain", { search: domain() }, [
    ["opensearch-encrypted", ({ search }) => delete search.props.encryptAtRest],
    ["opensearch-encrypted", ({ search }) => (search.props.encryptAtRest = { enabled: true })],
    ["opensearch-encrypted", ({ search }) => (search.props.nodeToNodeEncryption = { enabled: false })],
    ["opensearch-in-vpc", ({ search }) => delete search.props.vpcOptions],
    ["opensearch-tls", ({ search }) => (search.props.domainEndpointOptions = { enforceHttps: true })],
    [
      "opensearch-tls",
      ({ search }) =>
        (search.props.domainEndpointOptions = {
          enforceHttps: false,
          tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
        }),
    ],
    ["opensearch-fine-grained", ({ search }) => delete search.props.advancedSecurityOptions],
    [
      "opensearch-fine-grained",
      ({ search }) =>
        (search.props.advancedSecurityOptions = {
          enabled: true,
          internalUserDatabaseEnabled: true,
          masterUserOptions: { masterUserArn: unknown },
        }),
    ],
    ["opensearch-logs", ({ search }) => delete search.props.logPublishingOptions],
    ["opensearch-logs", ({ search }) => search.props.logPublishingOptions?.shift()],
    ["opensearch-available", ({ search }) => delete search.props.clusterConfig?.zoneAwarenessEnabled],
    [
      "opensearch-available",
      ({ search }) => Object.assign(search.props.clusterConfig ?? {}, { dedicatedMasterCount: 2 }),
    ],
    [
      "opensearch-available",
      ({ search }) => Object.assign(search.props.clusterConfig ?? {}, { dedicatedMasterEnabled: false }),
    ],
    ["opensearch-upkeep", ({ search }) => delete search.props.softwareUpdateOptions],
    ["opensearch-upkeep", ({ search }) => (search.props.engineVersion = "Elasticsearch_7.10")],
  ]),
  scenario(
    "a Lambda invocation during a deployment",
    {
      call: sample("aws:lambda/invocation:Invocation", {
        functionName: unknown,
        input: "{}",
        triggers: { domain: unknown },
      }),
    },
    [["lambda-invocation-known", ({ call }) => delete call.props.triggers]],
  ),
  scenario("the log collector", { collector: collector() }, [
    [
      "k8s-host-reader-bounded",
      ({ collector: { props } }) => {
        const [volume] = props.spec?.template?.spec?.volumes ?? [];
        Object.assign(volume?.hostPath ?? {}, { path: "/" });
      },
    ],
    [
      "k8s-host-reader-bounded",
      ({ collector: { props } }) => {
        const [mount] = props.spec?.template?.spec?.containers?.[0]?.volumeMounts ?? [];
        Object.assign(mount ?? {}, { readOnly: false });
      },
    ],
    [
      "k8s-host-reader-bounded",
      ({ collector: { props } }) => Object.assign(props.metadata ?? {}, { name: "another" }),
    ],
  ]),
];
