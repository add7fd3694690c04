import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { logGroup } from "../base/log-group";
import { physicalName } from "../base/naming";
import { serviceRole } from "../base/service-role";

export interface FlowLogsArgs {
  readonly context: Context;
  readonly keys: Pick<KeyArns, "logs">;
  readonly vpcId: pulumi.Input<string>;
  /** Retention in days. */
  readonly days: number;
}

/** Flow logs of the VPC: accepted and rejected traffic, aggregated over ten minutes. */
export class FlowLogs extends Component {
  constructor(name: string, args: FlowLogsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:FlowLogs", name, opts);
    const { context } = args;
    const groupName = physicalName("logGroup", `/${context.prefix}/vpc/flow-logs`);
    const group = logGroup(this, "group", {
      context,
      name: groupName,
      keyArn: args.keys.logs,
      days: args.days,
      protect: context.protect,
    });
    new aws.ec2.FlowLog(
      this.child("log"),
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: this.role(context, groupName),
        tags: { Name: context.prefix },
      },
      this.inside,
    );
    this.registerOutputs();
  }

  /**
   * Role that delivers to the log group, known once it has its policy. The conditions prevent the flow logs of another
   * account from using it (confused deputy). Source: Amazon VPC user guide, publish flow logs to CloudWatch Logs.
   */
  private role({ accountId, region }: Context, groupName: string): pulumi.Output<string> {
    const groupArn = `arn:aws:logs:${region}:${accountId}:log-group:${groupName}`;
    return serviceRole(this, "role", {
      description: "Lets VPC Flow Logs write to CloudWatch Logs",
      trust: {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*` },
        },
      },
      statements: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [groupArn, `${groupArn}:*`],
        },
        { Sid: "FindLogGroups", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      ],
    }).arn;
  }
}
