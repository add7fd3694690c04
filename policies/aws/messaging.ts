import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { allowsAnyone, refusesWithoutTls, statements } from "../lib/statements";
import { isGiven, shown } from "../lib/wire";

/** Queues, topics and shared files: encrypted with keys of ours, reached over TLS, closed to strangers. */
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
      description: "Every queue is encrypted with a key of ours.",
      severity: "medium",
      remediation: "Set kmsMasterKeyId to a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    },
    (queue, { report }) => {
      if (!isGiven(queue, "kmsMasterKeyId")) report("kmsMasterKeyId is not set.");
    },
  ),
  onTypes<KnownTypes["aws:sqs/queuePolicy:QueuePolicy"]>(
    (type) => type === "aws:sqs/queuePolicy:QueuePolicy" || type === "aws:sns/topicPolicy:TopicPolicy",
    {
      name: "messaging-policy-not-public",
      description: "No queue or topic takes messages from whoever comes.",
      severity: "high",
      remediation: "Name the principals, or bound the statement by aws:SourceArn or aws:SourceAccount.",
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    },
    ({ policy }, { report }) => {
      const read = statements(policy);
      if (!read) report("policy is not a policy document.");
      else if (read.some(allowsAnyone)) report('a statement allows Principal "*" without a condition.');
    },
  ),
  onType(
    "aws:sqs/queuePolicy:QueuePolicy",
    {
      name: "sqs-policy-tls-only",
      description: "A queue's policy refuses what comes without TLS.",
      severity: "high",
      remediation: 'Deny "sqs:*" to Principal "*" where aws:SecureTransport is false.',
      url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    },
    ({ policy }, { report }) => {
      const used = ["sqs:SendMessage", "sqs:ReceiveMessage"];
      if (!statements(policy)?.some((statement) => refusesWithoutTls(statement, used)))
        report("no statement refuses everyone what comes without TLS.");
    },
  ),
  onType(
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    {
      name: "efs-policy-tls-only",
      description: "A file system's policy refuses mounts without TLS.",
      severity: "high",
      remediation: 'Deny "*" to Principal "*" where aws:SecureTransport is false, and mount with `tls`.',
      url: "https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html",
    },
    ({ policy }, { report }) => {
      const used = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];
      if (!statements(policy)?.some((statement) => refusesWithoutTls(statement, used)))
        report("no statement refuses everyone what comes without TLS.");
    },
  ),
  onType(
    "aws:efs/fileSystem:FileSystem",
    {
      name: "efs-encrypted",
      description: "Every file system is encrypted with a key of ours.",
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
