import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { carriersOf, noStatement, someStatement } from "../lib/documents";
import { allowsAnyone, boundsCaller, isOpenResource, refusesWithoutTls } from "../lib/statements";
import { isGiven, shown } from "../lib/wire";

const anyone = 'a statement allows Principal "*" without a condition that limits the caller.';
const noTls = "no statement denies all requests without TLS.";

/** Actions that services call without a source account or ARN, so a condition would deny them. */
const withoutSource = [
  // EventBridge creates the log stream without the rule's ARN.
  {
    type: "aws:cloudwatch/logResourcePolicy:",
    service: /^(events|delivery\.logs)\.amazonaws\.com$/,
    actions: /^logs:CreateLogStream$/,
  },
];

/** SQS, SNS, EFS and resource policies: customer managed keys, TLS, and no public access. */
export const messaging: Policies = [
  onType(
    "aws:sns/topic:Topic",
    {
      name: "sns-encrypted",
      description: "SNS topics must be encrypted at rest with AWS KMS.",
      severity: "medium",
      remediation: "Set kmsMasterKeyId to a KMS key.",
      url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    },
    (topic, { report }) => {
      if (!isGiven(topic, "kmsMasterKeyId")) report("kmsMasterKeyId must be set.");
    },
  ),
  onType(
    "aws:sqs/queue:Queue",
    {
      name: "sqs-encrypted",
      description: "SQS queues must be encrypted at rest with a customer managed KMS key.",
      severity: "medium",
      remediation: "Set kmsMasterKeyId to a customer managed KMS key.",
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    },
    (queue, { report }) => {
      if (!isGiven(queue, "kmsMasterKeyId")) report("kmsMasterKeyId must be set.");
    },
  ),
  noStatement(
    { types: ["aws:sqs/queuePolicy:QueuePolicy", "aws:sns/topicPolicy:TopicPolicy"], reads: true },
    {
      name: "messaging-policy-not-public",
      description: "SQS queues and SNS topics must not be publicly accessible.",
      severity: "high",
      remediation: "Name the principals, or add a condition on aws:SourceArn or aws:SourceAccount.",
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    },
    (statement) => allowsAnyone(statement) && anyone,
  ),
  noStatement(
    {
      types: carriersOf("resource").filter(
        (type) => !/^aws:(ec2|kms|s3\/bucketPolicy|sqs\/queuePolicy|sns\/topicPolicy)/.test(type),
      ),
      reads: true,
    },
    {
      name: "resource-policy-not-open",
      description:
        "Secrets, repositories, file systems, log groups and event buses must not be publicly accessible.",
      severity: "critical",
      remediation: "Name the principals, or add a condition that limits the caller.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
    },
    (statement) => allowsAnyone(statement) && anyone,
  ),
  noStatement(
    { types: carriersOf("resource") },
    {
      name: "resource-policy-source-bound",
      description: "Resource policies for AWS services must limit the source account or ARN.",
      severity: "high",
      remediation: "Add a condition on aws:SourceAccount or aws:SourceArn to the statement.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    },
    (statement, type) => {
      const { allows, principals, actions, actionsInverted } = statement;
      const services = principals.filter(({ kind }) => kind === "Service").map(({ value }) => value);
      if (!allows || services.length === 0 || boundsCaller(statement)) return undefined;
      const excused =
        !actionsInverted &&
        withoutSource.some(
          (one) =>
            type.startsWith(one.type) &&
            services.every((service) => one.service.test(service)) &&
            actions.every((action) => one.actions.test(action)),
        );
      return !excused && `${services.join(", ")} may call ${actions.join(", ")} on behalf of any account.`;
    },
  ),
  noStatement(
    { types: carriersOf("resource").filter((type) => !/^aws:(kms|ec2)\//.test(type)) },
    {
      name: "resource-policy-actions-listed",
      description: "Resource policies must not allow wildcard actions.",
      severity: "high",
      remediation: "List the actions that the principal needs.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    },
    ({ allows, actions, actionsInverted }) => {
      if (!allows) return undefined;
      const wild = actions.filter((action) => /[*?]/.test(action));
      if (actionsInverted) return "a statement allows all actions except those in NotAction.";
      return wild.length > 0 && `a statement allows ${wild.join(", ")}; list the actions without wildcards.`;
    },
  ),
  noStatement(
    // Without IAM authorization, clients that mount a file system are anonymous. `efs-policy-*` check those policies.
    { types: carriersOf("resource").filter((type) => !/^aws:(ec2|efs)\//.test(type)) },
    {
      name: "resource-policy-principal-named",
      description: "Resource policies must name their principals, even in statements with a condition.",
      severity: "high",
      remediation: "Set Principal to the service, role or account, and keep the condition.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    },
    (statement) =>
      statement.allows &&
      boundsCaller(statement) &&
      statement.principals.some(({ kind, value }) => kind !== "Service" && value === "*") &&
      'a statement allows Principal "*"; name the principals in addition to the condition.',
  ),
  noStatement(
    { types: ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy"] },
    {
      name: "logs-policy-groups-named",
      description: "CloudWatch Logs resource policies must name the log groups that services write to.",
      severity: "high",
      remediation: "Set Resource to the ARN of the log group.",
      url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
    },
    ({ allows, resources, resourcesInverted }) =>
      allows &&
      (resourcesInverted || resources.length === 0 || resources.some(isOpenResource)) &&
      "a statement applies to all log groups.",
  ),
  someStatement(
    ["aws:sqs/queuePolicy:QueuePolicy"],
    {
      name: "sqs-policy-tls-only",
      description: "SQS queue policies must deny requests without TLS.",
      severity: "high",
      remediation:
        'Add a statement that denies "sqs:*" to Principal "*" if aws:SecureTransport is false, without other conditions.',
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    },
    noTls,
    (statement) => refusesWithoutTls(statement, ["sqs:SendMessage", "sqs:ReceiveMessage"]),
  ),
  someStatement(
    ["aws:sns/topicPolicy:TopicPolicy"],
    {
      name: "sns-policy-tls-only",
      description: "SNS topic policies must deny requests without TLS.",
      severity: "high",
      remediation:
        'Add a statement that denies "sns:Publish" to Principal "*" if aws:SecureTransport is false, without other conditions.',
      url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    },
    noTls,
    (statement) => refusesWithoutTls(statement, ["sns:Publish"]),
  ),
  someStatement(
    ["aws:efs/fileSystemPolicy:FileSystemPolicy"],
    {
      name: "efs-policy-tls-only",
      description: "EFS file system policies must deny mounts without TLS.",
      severity: "high",
      remediation:
        'Add a statement that denies "*" to Principal "*" if aws:SecureTransport is false, and mount the file system with the option tls.',
      url: "https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html",
    },
    noTls,
    (statement) =>
      refusesWithoutTls(statement, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]),
  ),
  onType(
    "aws:efs/fileSystem:FileSystem",
    {
      name: "efs-encrypted",
      description: "EFS file systems must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation: "Set encrypted to true and kmsKeyId to the ARN of a customer managed KMS key.",
      url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
    },
    (files, { report }) => {
      if (files.encrypted !== true) report(`encrypted is ${shown(files.encrypted)}; it must be true.`);
      if (!isGiven(files, "kmsKeyId")) report("kmsKeyId must be set.");
    },
  ),
];
