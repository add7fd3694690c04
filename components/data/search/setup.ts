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

/** Timeout in seconds: a new domain rejects requests for a minute or two, and the function retries. */
const timeout = 600;

const https = { ipProtocol: "tcp", fromPort: httpsPort, toPort: httpsPort };

/**
 * The function that creates index templates, ISM policies, roles and saved searches in the domain. Pulumi invokes it
 * when one of them changes, or when the domain is replaced; its role is the domain's master user.
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
      description: "Creates index templates, ISM policies, roles and saved searches in OpenSearch.",
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
        description:
          "The function couldn't configure OpenSearch: its roles or ISM policies aren't those of the stack file. Read the function's log. See docs/logs.md.",
        topicArn: alarmTopicArn,
      },
    });
    this.roleArn = this.handler.role;
    this.registerOutputs();
  }

  /**
   * Invokes the function, which fails if the domain rejects a request. @returns Its result, known once everything
   * exists.
   */
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
        description: "Function that configures OpenSearch",
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
        description: "To OpenSearch",
      },
      this.inside,
    );
    new aws.vpc.SecurityGroupIngressRule(
      this.child("from-setup"),
      {
        ...https,
        securityGroupId: network.securityGroupId,
        referencedSecurityGroupId: group.id,
        description: "From the function that configures OpenSearch",
      },
      this.inside,
    );
    return group.id;
  }
}
