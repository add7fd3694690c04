import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { carriersOf, noStatement, someStatement } from "../lib/documents";
import { allowsAnyone, boundsCaller, isOpenResource, refusesWithoutTls } from "../lib/statements";
import { isGiven, shown } from "../lib/wire";

const anyone = 'a statement allows Principal "*" without a condition that names a caller.';
const noTls = "no statement denies all requests without TLS.";

/** Actions of services without a source account or ARN, which a condition would deny. */
const withoutSource = [
  // EventBridge creates the log stream without the rule's ARN.
  {
    type: "aws:cloudwatch/logResourcePolicy:",
    service: /^(events|delivery\.logs)\.amazonaws\.com$/,
    actions: /^logs:CreateLogStream$/,
  },
];

/** Queues, topics and shared files: customer managed keys, TLS, and no public access. */
export const messaging: Policies = [
  onType(
    "aws:sns/topic:Topic",
    {
      name: "sns-encrypted",
      description: "Every topic is encrypted.",
      severity: "medium",
      remediation: "Set kmsMasterKeyId.",
      url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    },
    (topic, { report }) => {
      if (!isGiven(topic, "kmsMasterKeyId")) report("kmsMasterKeyId is not set.");
    },
  ),
  onType(
    "aws:sqs/queue:Queue",
    {
      name: "sqs-encrypted",
      description: "Every queue is encrypted with a customer managed KMS key.",
      severity: "medium",
      remediation: "Set kmsMasterKeyId to a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    },
    (queue, { report }) => {
      if (!isGiven(queue, "kmsMasterKeyId")) report("kmsMasterKeyId is not set.");
    },
  ),
  noStatement(
    { types: ["aws:sqs/queuePolicy:QueuePolicy", "aws:sns/topicPolicy:TopicPolicy"], reads: true },
    {
      name: "messaging-policy-not-public",
      description: "No queue or topic is public.",
      severity: "high",
      remediation: "Name the principals, or limit the statement by aws:SourceArn or aws:SourceAccount.",
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
      description: "No secret, repository, file system, log group or event bus has a public policy.",
      severity: "critical",
      remediation: "Name the principals, or limit the statement by a condition on the caller.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
    },
    (statement) => allowsAnyone(statement) && anyone,
  ),
  noStatement(
    { types: carriersOf("resource") },
    {
      name: "resource-policy-source-bound",
      description: "A statement for a service tests the source account or ARN.",
      severity: "high",
      remediation: "Test aws:SourceAccount or aws:SourceArn in the statement's Condition.",
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
      return !excused && `${services.join(", ")} may do ${actions.join(", ")} for any account.`;
    },
  ),
  noStatement(
    { types: carriersOf("resource").filter((type) => !/^aws:(kms|ec2)\//.test(type)) },
    {
      name: "resource-policy-actions-listed",
      description: "A resource policy lists its actions, without wildcards.",
      severity: "high",
      remediation: "List the actions that the principal needs.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    },
    ({ allows, actions, actionsInverted }) => {
      if (!allows) return undefined;
      const wild = actions.filter((action) => /[*?]/.test(action));
      if (actionsInverted) return "a statement allows everything but a few actions (NotAction).";
      return wild.length > 0 && `a statement allows ${wild.join(", ")}.`;
    },
  ),
  noStatement(
    // Clients that mount a file system are anonymous without IAM authorization; `efs-policy-*` check those policies.
    { types: carriersOf("resource").filter((type) => !/^aws:(ec2|efs)\//.test(type)) },
    {
      name: "resource-policy-principal-named",
      description: "A resource policy names its principals, and doesn't rely on a condition alone.",
      severity: "high",
      remediation: "Name the service, role or account as Principal, and keep the condition beside it.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    },
    (statement) =>
      statement.allows &&
      boundsCaller(statement) &&
      statement.principals.some(({ kind, value }) => kind !== "Service" && value === "*") &&
      'a statement allows Principal "*", by a condition alone.',
  ),
  noStatement(
    { types: ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy"] },
    {
      name: "logs-policy-groups-named",
      description: "Services write to named log groups.",
      severity: "high",
      remediation: "Give the ARN of the log group in Resource.",
      url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
    },
    ({ allows, resources, resourcesInverted }) =>
      allows &&
      (resourcesInverted || resources.length === 0 || resources.some(isOpenResource)) &&
      "a statement is for every log group.",
  ),
  someStatement(
    ["aws:sqs/queuePolicy:QueuePolicy"],
    {
      name: "sqs-policy-tls-only",
      description: "A queue's policy denies requests without TLS.",
      severity: "high",
      remediation:
        'Deny "sqs:*" to Principal "*" where aws:SecureTransport is false, with no other condition.',
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    },
    noTls,
    (statement) => refusesWithoutTls(statement, ["sqs:SendMessage", "sqs:ReceiveMessage"]),
  ),
  someStatement(
    ["aws:sns/topicPolicy:TopicPolicy"],
    {
      name: "sns-policy-tls-only",
      description: "A topic's policy denies requests without TLS.",
      severity: "high",
      remediation:
        'Deny "sns:Publish" to Principal "*" where aws:SecureTransport is false, with no other condition.',
      url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    },
    noTls,
    (statement) => refusesWithoutTls(statement, ["sns:Publish"]),
  ),
  someStatement(
    ["aws:efs/fileSystemPolicy:FileSystemPolicy"],
    {
      name: "efs-policy-tls-only",
      description: "A file system's policy refuses mounts without TLS.",
      severity: "high",
      remediation: 'Deny "*" to Principal "*" where aws:SecureTransport is false, and mount with `tls`.',
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
      description: "Every file system is encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set encrypted to true and kmsKeyId to a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
    },
    (files, { report }) => {
      if (files.encrypted !== true) report(`encrypted is ${shown(files.encrypted)}; it must be true.`);
      if (!isGiven(files, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
];
