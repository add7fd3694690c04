import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LogSettings, TraceSettings } from "../../../config";
import { Component } from "../../base/component";
import type { Context, KeyArns } from "../../base/context";
import { logGroup } from "../../base/log-group";
import { SearchDomain, searchDomainArn } from "../../data/search/domain";
import type { DataNetwork } from "../../network/data-network";
import type { LogTarget } from "../../observability/telemetry/agent-config";
import { telemetryPeers } from "../../observability/telemetry/ports";
import { ServiceAccountRole } from "../../security/service-account-role";

export interface TelemetryStoresArgs {
  readonly context: Context;
  readonly logs: LogSettings;
  /** Default: no traces are kept. */
  readonly traces: TraceSettings | undefined;
  readonly keys: KeyArns;
  readonly clusterName: pulumi.Input<string>;
  /** The platform's subnets; undefined: it has nothing in them. */
  readonly network: DataNetwork;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Key of the domain among the platform's data stores. */
export const searchStore = "search";

/** The stores of logs and traces, and the roles that write to them: the AWS resources of the collectors. */
export class TelemetryStores extends Component {
  readonly target: LogTarget;
  /** Address of the domain. Default: there is none. */
  readonly endpoint: pulumi.Output<string> | undefined;
  /** Pod Identity of the nodes' collectors, and of Jaeger where there is one. */
  readonly associations: { readonly agent: pulumi.Resource; readonly jaeger: pulumi.Resource | undefined };

  constructor(name: string, args: TelemetryStoresArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:TelemetryStores", name, opts);
    const { context, logs, traces } = args;
    const { region } = context;
    if (logs.store === "cloudwatch") {
      const group = logGroup(this, "logs", {
        context,
        name: podLogGroup(context),
        keyArn: args.keys.logs,
        days: logs.days,
        protect: context.protect,
      });
      this.target = { store: "cloudwatch", region, logGroup: podLogGroup(context) };
      this.associations = {
        agent: this.role("agent", args, [mayWriteEvents(group.arn)]).association,
        jaeger: undefined,
      };
    } else {
      const domain = searchDomainArn(context);
      const agent = this.role("agent", args, [mayCall(domain, "Post")]);
      const jaeger =
        traces === undefined
          ? undefined
          : this.role("jaeger", args, [mayCall(domain, "Get", "Head", "Post", "Put")]);
      this.target = { store: "opensearch", region };
      this.associations = { agent: agent.association, jaeger: jaeger?.association };
      this.endpoint = new SearchDomain(
        this.child("search"),
        {
          context,
          settings: logs,
          network: args.network.store(searchStore),
          functionSubnetIds: args.network.functionSubnetIds,
          logsKeyArn: args.keys.logs,
          alarmTopicArn: args.alarmTopicArn,
          access: { writer: agent.roleArn, tracer: jaeger?.roleArn },
        },
        this.inside,
      ).endpoint;
    }
    this.registerOutputs();
  }

  private role(
    key: "agent" | "jaeger",
    { clusterName }: TelemetryStoresArgs,
    statements: aws.iam.PolicyStatement[],
  ): ServiceAccountRole {
    const { namespace, name: serviceAccount } = telemetryPeers[key];
    return new ServiceAccountRole(
      this.child(key),
      { clusterName, namespace, serviceAccount, statements },
      this.inside,
    );
  }
}

/** Log group of all pods' logs, where they go to CloudWatch: a stream for each node. */
const podLogGroup = ({ prefix }: Pick<Context, "prefix">): string => `/plinth/${prefix}/pods`;

const mayWriteEvents = (groupArn: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Sid: "WriteEvents",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: [groupArn, pulumi.interpolate`${groupArn}:*`],
});

const mayCall = (domain: string, ...methods: string[]): aws.iam.PolicyStatement => ({
  Sid: "CallDomain",
  Effect: "Allow",
  Action: methods.map((method) => `es:ESHttp${method}`),
  Resource: `${domain}/*`,
});
