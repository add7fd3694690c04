import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SearchSettings } from "../../../config";
import { Component } from "../../base/component";
import type { Context } from "../../base/context";
import { physicalName } from "../../base/naming";
import { httpsPort } from "../../base/ports";
import type { StoreNetwork } from "../../network/data-network";
import { lambdaFunction } from "../../observability/lambda-function";
import { searchState, type FutureAccess } from "./state";

export interface SearchSetupArgs {
  readonly context: Context;
  readonly settings: SearchSettings;
  /** The platform's own isolated subnets. */
  readonly network: StoreNetwork;
  /** Private subnets with NAT, for the function. */
  readonly functionSubnetIds: readonly pulumi.Input<string>[];
  readonly logsKeyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** IAM roles that write and read. */
  readonly access: FutureAccess;
  readonly domainArn: string;
}

/** Most seconds: a new domain refuses for a minute or two, and the function tries again. */
const timeout = 600;

const https = { ipProtocol: "tcp", fromPort: httpsPort, toPort: httpsPort };

/**
 * The function that brings templates, life cycles, roles and saved searches into the domain. It is called when one of
 * them changes, or the domain is a new one; its role is the domain's master.
 */
export class SearchSetup extends Component {
  /** The function's role. */
  readonly roleArn: pulumi.Output<string>;
  private readonly handler: aws.lambda.Function;

  constructor(
    name: string,
    private readonly args: SearchSetupArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:SearchSetup", name, opts);
    const { context, domainArn, logsKeyArn, alarmTopicArn } = args;
    this.handler = lambdaFunction(this, {
      context,
      name: physicalName("function", context.prefix, "search-setup"),
      description: "Makes templates, life cycles, roles and saved searches of the logs.",
      bundle: "search-setup",
      variables: {},
      timeout,
      statements: [
        {
          Sid: "Domain",
          Effect: "Allow",
          Action: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost"],
          Resource: `${domainArn}/*`,
        },
      ],
      logsKeyArn,
      keyArn: logsKeyArn,
      network: { subnetIds: args.functionSubnetIds, securityGroupId: this.securityGroup() },
      alarm: {
        description: "Roles or life cycles of the logs aren't as the stack says: see the function's log.",
        topicArn: alarmTopicArn,
      },
    });
    this.roleArn = this.handler.role;
    this.registerOutputs();
  }

  /** Calls the function, which fails where the domain refuses. @returns Its result, known once all is there. */
  apply({ endpoint, domainId }: aws.opensearch.Domain): pulumi.Output<string> {
    const { settings, access } = this.args;
    return new aws.lambda.Invocation(
      this.child("apply"),
      {
        functionName: this.handler.name,
        input: pulumi
          .output({ host: endpoint, access })
          .apply(({ host, access: roles }) => JSON.stringify({ host, steps: searchState(settings, roles) })),
        triggers: { domain: domainId },
      },
      this.inside,
    ).result;
  }

  /** Egress to the domain only, no ingress. */
  private securityGroup(): pulumi.Output<string> {
    const { network, context } = this.args;
    const group = new aws.ec2.SecurityGroup(
      this.child("group"),
      {
        vpcId: network.vpcId,
        description: "Sets up the search domain",
        tags: { Name: `${context.prefix}-search-setup` },
      },
      this.inside,
    );
    new aws.vpc.SecurityGroupEgressRule(
      this.child("to-domain"),
      {
        ...https,
        securityGroupId: group.id,
        referencedSecurityGroupId: network.securityGroupId,
        description: "To the search domain",
      },
      this.inside,
    );
    new aws.vpc.SecurityGroupIngressRule(
      this.child("from-setup"),
      {
        ...https,
        securityGroupId: network.securityGroupId,
        referencedSecurityGroupId: group.id,
        description: "From the function that sets the domain up",
      },
      this.inside,
    );
    return group.id;
  }
}
