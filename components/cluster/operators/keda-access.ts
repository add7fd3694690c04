import type * as aws from "@pulumi/aws";
import type { Context } from "../../context";
import { operatorCharts } from "./table";
import { kedaServiceAccount } from "./keda-values";

/** Where KEDA's operator runs, and as whom: its role and its chart must agree. */
export const keda = {
  namespace: operatorCharts.keda.namespace,
  serviceAccount: kedaServiceAccount,
} as const;

/** What KEDA may do in AWS: ask this environment's queues how long they are. It never reads a message. */
export const mayMeasureQueues = ({ accountId, region, prefix }: Context): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: "sqs:GetQueueAttributes",
    Resource: `arn:aws:sqs:${region}:${accountId}:${prefix}-*`,
  },
];
