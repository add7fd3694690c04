import type { Policies } from "@pulumi/policy";
import { absent, between, given, having, is, like, must, unlessSet, type Whole } from "../lib/must";
import { isLater } from "../lib/wire";

const docs = "https://docs.aws.amazon.com";
const ofKind =
  (kind: string) =>
  ({ props }: Whole) =>
    (props.vpcEndpointType ?? "Gateway") === kind;
const inVpc = ({ props }: Whole) => props.vpcConfig !== undefined;
/** True if a function's variables hold what only `up` knows: names of secrets, hosts, and the like. */
const holdsMore = ({ props }: Whole) => inVpc({ props } as Whole);

/** What carries, watches and connects, property by property. */
export const properties: Policies = [
  must(
    ["aws:lambda/function:Function"],
    {
      name: "lambda-hardened",
      description:
        "A function runs on a supported runtime, within limits, and writes to a log group of ours.",
      severity: "medium",
      remediation:
        "Set what is named; kmsKeyArn where the function is in a VPC and so holds addresses of data.",
      url: `${docs}/securityhub/latest/userguide/lambda-controls.html`,
    },
    [
      [
        "runtime",
        like(
          /^(nodejs2[2-9]\.x|python3\.1[2-9]|java(21|25)|dotnet(8|10)|ruby3\.[3-9]|provided\.al2023)$/,
          "a supported runtime",
        ),
        ({ props }) => props.packageType !== "Image",
      ],
      ["loggingConfig.logGroup", given],
      ["role", given],
      ["timeout", between(1, 900)],
      ["memorySize", between(128, 3008)],
      ["kmsKeyArn", given, holdsMore],
      ["vpcConfig.securityGroupIds", given, inVpc],
      ["vpcConfig.subnetIds", given, inVpc],
    ],
  ),
  must(
    ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    {
      name: "ec2-endpoint-closed",
      description: "An endpoint takes traffic for its service alone, from our network, under a policy.",
      severity: "high",
      remediation:
        "Give a gateway endpoint a policy; give an interface endpoint security groups and privateDnsEnabled.",
      url: `${docs}/vpc/latest/privatelink/vpc-endpoints-access.html`,
    },
    [
      ["policy", given, ofKind("Gateway")],
      ["routeTableIds", given, ofKind("Gateway")],
      ["securityGroupIds", given, ofKind("Interface")],
      ["privateDnsEnabled", is(true), ofKind("Interface")],
    ],
  ),
  must(
    ["aws:ec2/flowLog:FlowLog"],
    {
      name: "ec2-flow-logs-kept",
      description: "Flow logs go somewhere, with a role that may write them.",
      severity: "high",
      remediation: "Set logDestination, and iamRoleArn for CloudWatch.",
      url: `${docs}/vpc/latest/userguide/flow-logs.html`,
    },
    [
      ["logDestination", given],
      [
        "iamRoleArn",
        given,
        ({ props }) => (props.logDestinationType ?? "cloud-watch-logs") === "cloud-watch-logs",
      ],
    ],
  ),
  must(
    ["aws:ec2/securityGroup:SecurityGroup"],
    {
      name: "ec2-group-of-our-network",
      description: "A security group belongs to a VPC of ours.",
      severity: "medium",
      remediation: "Set vpcId: without it the account's default VPC is used.",
      url: `${docs}/vpc/latest/userguide/vpc-security-groups.html`,
    },
    [["vpcId", given]],
  ),
  must(
    ["aws:acm/certificate:Certificate"],
    {
      name: "acm-certificate-sound",
      description: "A certificate is proven by DNS, so that it renews itself, and is logged for all to see.",
      severity: "high",
      remediation:
        "Set validationMethod to DNS; leave keyAlgorithm at RSA_2048 or above, and transparency on.",
      url: `${docs}/acm/latest/userguide/dns-validation.html`,
    },
    [
      ["domainName", given],
      ["validationMethod", is("DNS")],
      ["keyAlgorithm", unlessSet("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1")],
      ["options.certificateTransparencyLoggingPreference", unlessSet("ENABLED")],
    ],
  ),
  must(
    ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    {
      name: "cloudwatch-alarm-heard",
      description: "An alarm tells someone.",
      severity: "high",
      remediation: "Set alarmActions, and leave actionsEnabled out.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-15`,
    },
    [
      ["alarmActions", given],
      ["actionsEnabled", unlessSet(true)],
      ["evaluationPeriods", between(1, 60)],
      ["treatMissingData", unlessSet("notBreaching", "breaching", "missing", "ignore")],
    ],
  ),
  must(
    ["aws:cloudwatch/eventRule:EventRule"],
    {
      name: "events-rule-on",
      description: "A rule of the event bus is on.",
      severity: "medium",
      remediation: "Leave isEnabled and state out.",
      url: `${docs}/eventbridge/latest/userguide/eb-rules.html`,
    },
    [
      ["isEnabled", unlessSet(true)],
      ["state", unlessSet("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")],
    ],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-kept-long-enough",
      description: "Logs are kept for a week at least, in a class that can be searched at once.",
      severity: "medium",
      remediation: "Set retentionInDays to 7 or more, and deletionProtectionEnabled where `protect` is on.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16`,
    },
    [
      ["retentionInDays", between(7, 3653), ({ props }) => Number(props.retentionInDays) > 0],
      ["logGroupClass", unlessSet("STANDARD", "INFREQUENT_ACCESS")],
      ["deletionProtectionEnabled", is(true), ({ protect }) => protect],
      ["deletionProtectionEnabled", unlessSet(false), ({ protect }) => !protect],
    ],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-audit-kept",
      description: "What records who did what is kept for a month at least where the stack is protected.",
      severity: "high",
      remediation:
        "Set retentionInDays to 30 or more on the protected groups of the cluster and of flow logs.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16`,
    },
    [
      [
        "retentionInDays",
        between(30, 3653),
        ({ props, protect }) =>
          protect && /^\/aws\/eks\/|\/vpc\/|trail/.test(isLater(props.name) ? "" : String(props.name)),
      ],
    ],
  ),
  must(
    ["aws:sns/topicSubscription:TopicSubscription"],
    {
      name: "sns-subscription-encrypted",
      description: "No message leaves a topic over plain HTTP.",
      severity: "high",
      remediation: "Subscribe by https, email, sqs, lambda or firehose.",
      url: `${docs}/sns/latest/dg/sns-security-best-practices.html`,
    },
    [
      ["protocol", is("https", "email", "email-json", "sqs", "lambda", "firehose", "sms", "application")],
      ["endpoint", { ...like(/^(?!http:)./, "an endpoint without http:"), later: true }],
    ],
  ),
  must(
    ["aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"],
    {
      name: "sqs-redrive-named",
      description: "A dead-letter queue takes messages from named queues.",
      severity: "medium",
      remediation: "Set redrivePermission to byQueue, with sourceQueueArns.",
      url: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
    },
    [
      [
        "redriveAllowPolicy",
        like(
          /^(?=.*"redrivePermission":\s*"(byQueue|denyAll)")(?!.*"arn:[^"]*[*?])/,
          "byQueue or denyAll, without wildcards",
        ),
      ],
    ],
  ),
  must(
    ["aws:sqs/queue:Queue"],
    {
      name: "sqs-key-reused-briefly",
      description: "A queue asks for its key again after a day at most.",
      severity: "low",
      remediation: "Set kmsDataKeyReusePeriodSeconds to 86400 or less.",
      url: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-data-encryption.html`,
    },
    [
      [
        "kmsDataKeyReusePeriodSeconds",
        between(60, 86_400),
        ({ props }) => props.kmsDataKeyReusePeriodSeconds !== undefined,
      ],
    ],
  ),
  must(
    ["aws:sesv2/configurationSet:ConfigurationSet"],
    {
      name: "ses-tls-required",
      description: "Mail is delivered over TLS, and its reputation is watched.",
      severity: "high",
      remediation: "Set deliveryOptions.tlsPolicy to REQUIRE.",
      url: `${docs}/ses/latest/dg/security-protocols.html`,
    },
    [
      ["configurationSetName", given],
      ["deliveryOptions.tlsPolicy", is("REQUIRE")],
      ["reputationOptions.reputationMetricsEnabled", unlessSet(true)],
    ],
  ),
  must(
    ["aws:sesv2/emailIdentity:EmailIdentity"],
    {
      name: "ses-identity-configured",
      description: "What is sent from an identity goes through a configuration set, and so over TLS.",
      severity: "high",
      remediation: "Set configurationSetName.",
      url: `${docs}/ses/latest/dg/using-configuration-sets.html`,
    },
    [
      ["configurationSetName", given],
      ["dkimSigningAttributes.nextSigningKeyLength", unlessSet("RSA_2048_BIT")],
    ],
  ),
  must(
    ["aws:eks/podIdentityAssociation:PodIdentityAssociation"],
    {
      name: "eks-pod-identity-named",
      description: "A pod's role is for one service account, with the session tags that trust policies test.",
      severity: "high",
      remediation: "Set namespace, serviceAccount and roleArn; leave disableSessionTags out.",
      url: `${docs}/eks/latest/userguide/pod-id-abac.html`,
    },
    [
      ["namespace", given],
      ["serviceAccount", like(/^(?!default$)./, "a service account of its own")],
      ["roleArn", given],
      ["disableSessionTags", unlessSet(false)],
    ],
  ),
  must(
    ["aws:eks/cluster:Cluster"],
    {
      name: "eks-hardened",
      description: "A cluster records who did what, and stays on supported versions.",
      severity: "medium",
      remediation:
        "Add audit and authenticator to enabledClusterLogTypes, and upgradePolicy.supportType to STANDARD.",
      url: `${docs}/securityhub/latest/userguide/eks-controls.html`,
    },
    [
      ...["audit", "authenticator"].map(
        (kind) => ["enabledClusterLogTypes", having((one) => one === kind, `a list with ${kind}`)] as const,
      ),
      ["upgradePolicy.supportType", unlessSet("STANDARD")],
      ["vpcConfig.subnetIds", given],
      ["roleArn", given],
      ["vpcConfig.publicAccessCidrs[]", like(/^[\d.]+\/(1[6-9]|2\d|3[0-2])$/, "a network of /16 or smaller")],
    ],
  ),
  must(
    ["pulumi:providers:aws"],
    {
      name: "aws-provider-plain",
      description: "A provider takes its credentials from the environment, and checks what it talks to.",
      severity: "critical",
      remediation: "Leave accessKey, secretKey, token and insecure out; set region.",
      url: "https://www.pulumi.com/registry/packages/aws/installation-configuration/",
    },
    [
      ["accessKey", absent],
      ["secretKey", absent],
      ["token", absent],
      ["insecure", unlessSet(false, "false")],
      ["skipCredentialsValidation", unlessSet(false, "false")],
      ["region", given],
    ],
  ),
  must(
    ["pulumi:providers:kubernetes"],
    {
      name: "k8s-provider-checks-server",
      description: "A Kubernetes provider asks a server whose certificate it checks.",
      severity: "critical",
      remediation: "Set kubeconfig, with certificate-authority-data and without insecure-skip-tls-verify.",
      url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    },
    [
      [
        "kubeconfig",
        {
          ...like(
            /^(?!.*insecure-skip-tls-verify["']?:\s*true)(?!.*server["']?:\s*["']?http:)./s,
            "one that checks the server",
          ),
          later: true,
        },
      ],
      ["skipUpdateUnreachable", unlessSet(false, "false")],
      ["suppressDeprecationWarnings", unlessSet(false, "false", true, "true")],
    ],
  ),
];
