import { refuse, type Failure, type Rule, type Rules } from "../../rule";
import type { Values } from "../../wire";
import { all, between, atMostOne } from "./checks";

const queue = "aws:sqs/queue:Queue";
const topic = "aws:sns/topic:Topic";

/** A setting of a queue, with the queue's URL as its id. */
const besideQueue = (document: string): Rule => ({
  id: "{queueUrl}",
  replace: ["queueUrl"],
  documents: [document],
  refs: { queueUrl: queue },
});

/** Queues and topics: SQS and SNS. */
export const messagingRules: Rules = {
  [queue]: {
    id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    arn: "arn:aws:sqs:{region}:{account}:{name}",
    name: {
      property: "name",
      max: 80,
      auto: true,
      pattern: /^[\w-]+(\.fifo)?$/,
      what: "letters, digits, _ and -",
    },
    replace: ["name", "namePrefix", "fifoQueue"],
    defaults: {
      visibilityTimeoutSeconds: 30,
      messageRetentionSeconds: 345600,
      maxMessageSize: 1048576,
      delaySeconds: 0,
      receiveWaitTimeSeconds: 0,
      fifoQueue: false,
    },
    outputs: { url: "{id}", kmsDataKeyReusePeriodSeconds: 300, sqsManagedSseEnabled: false },
    documents: ["policy", "redrivePolicy", "redriveAllowPolicy"],
    refs: { "redrivePolicy.deadLetterTargetArn": queue },
    check: all(
      between({
        delaySeconds: [0, 900],
        kmsDataKeyReusePeriodSeconds: [60, 86_400],
        maxMessageSize: [1024, 1_048_576],
        messageRetentionSeconds: [60, 1_209_600],
        receiveWaitTimeSeconds: [0, 20],
        visibilityTimeoutSeconds: [0, 43_200],
      }),
      atMostOne("kmsMasterKeyId", "sqsManagedSseEnabled"),
      fifo,
    ),
  },
  "aws:sqs/queuePolicy:QueuePolicy": besideQueue("policy"),
  "aws:sqs/redrivePolicy:RedrivePolicy": {
    ...besideQueue("redrivePolicy"),
    // SQS checks that the dead-letter queue exists. It doesn't check the sources that a queue allows.
    refs: { queueUrl: queue, "redrivePolicy.deadLetterTargetArn": queue },
  },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": besideQueue("redriveAllowPolicy"),
  [topic]: {
    id: "arn:aws:sns:{region}:{account}:{name}",
    arn: "{id}",
    name: {
      property: "name",
      max: 256,
      auto: true,
      pattern: /^[\w-]+(\.fifo)?$/,
      what: "letters, digits, _ and -",
    },
    replace: ["name", "namePrefix", "fifoTopic"],
    documents: ["policy", "deliveryPolicy"],
    held: true,
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    id: "{arn}",
    replace: ["arn"],
    documents: ["policy"],
    refs: { arn: topic },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: "{topic}:{uuid}",
    arn: "{id}",
    replace: ["topic", "protocol", "endpoint"],
    defaults: {
      confirmationTimeoutInMinutes: 1,
      endpointAutoConfirms: false,
      rawMessageDelivery: false,
    },
    // A person has to confirm it with the link in the mail.
    outputs: {
      ownerId: "{account}",
      pendingConfirmation: ({ protocol }: Values) => protocol === "email",
      confirmationWasAuthenticated: ({ protocol }: Values) => protocol !== "email",
    },
    documents: ["deliveryPolicy", "filterPolicy", "redrivePolicy", "replayPolicy"],
    refs: { topic },
  },
};

/** The names of FIFO queues, and only theirs, end in `.fifo`. */
function fifo({ name, fifoQueue = false }: Values): Failure[] {
  if (typeof name !== "string" || name.endsWith(".fifo") === fifoQueue) return [];
  return [
    refuse("name", fifoQueue === true ? "ends in .fifo with fifoQueue" : "ends in .fifo without fifoQueue"),
  ];
}
