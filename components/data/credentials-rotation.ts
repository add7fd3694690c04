import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { functionBundle } from "../base/function-bundle";
import { gated } from "../base/gated";
import { physicalName, rolePrefix } from "../base/naming";
import { functionAlarm } from "../observability/function-alarm";
import type { Credentials } from "./credentials";
import { rotationStatements } from "./credentials-rights";
import type { RotationVariables } from "./credentials-variables";
import { logRetentionDays } from "./housekeeping";
import type { Rotation } from "./rotation-schedule";

export interface CredentialsRotationArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  readonly credentials: Credentials;
  /** Days between two rotations. */
  readonly days: number;
  /** Host of the primary itself: the master user goes through no proxy. */
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly database: string;
  /** Hosts of the read replicas, on which the new logins are tried as well. */
  readonly replicas: readonly pulumi.Input<string>[];
  /** Host of the proxy in front of the primary, by which the owner's new login is tried as well. Default: none. */
  readonly proxy?: pulumi.Input<string> | undefined;
  /** Private subnets, from which Secrets Manager is reached. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Group that the database admits. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Key of the entries. */
  readonly keyArn: pulumi.Input<string>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Where it is told that the function has failed. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Most seconds that a step takes: a handful of logins, each given up after ten, and a proxy's tried four times. */
const timeout = 120;
/** Mebibytes. Less is slower than it saves: Lambda gives processor time by memory. */
const memorySize = 256;

/** Lambda's own right to stand in a VPC. */
const networkPolicy = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess";

/**
 * What rotates one database's logins: a function that Secrets Manager calls. Its schedule is made when the database has
 * its roles (`rotation-schedule.ts`).
 */
export class CredentialsRotation extends Component {
  readonly rotation: Rotation;

  constructor(
    name: string,
    private readonly args: CredentialsRotationArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:CredentialsRotation", name, opts);
    const { context, system, store, days, credentials } = args;
    const functionName = physicalName("function", context.prefix, system, store, "rotation");
    const handler = this.function(functionName);
    functionAlarm(
      this.child("errors"),
      {
        functionName,
        description: `The logins of ${system}'s ${store} were not rotated or don't work: see the function's log.`,
        alarmTopicArn: args.alarmTopicArn,
      },
      this.inside,
    );
    const permission = new aws.lambda.Permission(
      this.child("permission"),
      {
        function: handler.name,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceArn: credentials.application.arn,
        sourceAccount: context.accountId,
      },
      this.inside,
    );
    const { arn, filledBy } = credentials.application;
    this.rotation = { entryArn: arn, functionArn: gated(handler.arn, [permission.id]), days, filledBy };
    this.registerOutputs();
  }

  private function(name: string): aws.lambda.Function {
    const { subnetIds, securityGroupId, keyArn, logsKeyArn, system, store } = this.args;
    const logs = new aws.cloudwatch.LogGroup(
      this.child("logs"),
      { name: `/aws/lambda/${name}`, retentionInDays: logRetentionDays, kmsKeyId: logsKeyArn },
      this.inside,
    );
    return new aws.lambda.Function(
      this.child("function"),
      {
        name,
        description: `Rotates the logins of ${system}'s ${store}.`,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.FileAsset(functionBundle("rotation")),
        }),
        role: this.role(logs),
        timeout,
        memorySize,
        kmsKeyArn: keyArn,
        vpcConfig: { subnetIds: [...subnetIds], securityGroupIds: [securityGroupId] },
        loggingConfig: { logGroup: logs.name, logFormat: "JSON" },
        environment: { variables: this.variables() },
      },
      this.inside,
    );
  }

  private variables(): Record<string, pulumi.Input<string>> {
    const { host, port, database, replicas, proxy, credentials } = this.args;
    const { proxied } = credentials;
    const variables: { readonly [Name in keyof RotationVariables]: pulumi.Input<string> } = {
      HOST: host,
      REPLICAS: pulumi.all([...replicas]).apply((hosts) => hosts.join(",")),
      PROXY: proxy ?? "",
      PORT: String(port),
      DATABASE: database,
      ENTRY: credentials.application.arn,
      MASTER_ENTRY: credentials.master.arn,
      LOGIN_ENTRIES: proxied === undefined ? "" : pulumi.interpolate`${proxied.a.arn},${proxied.b.arn}`,
    };
    // Lambda has the authorities of RDS, and from Node.js 20 on trusts them only if told so.
    // Source: Lambda developer guide, Node.js, CA certificate loading.
    return { ...variables, NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };
  }

  /** ARN of the function's role: known once it may do what it is for. */
  private role(logs: aws.cloudwatch.LogGroup): pulumi.Output<string> {
    const { context, credentials, keyArn } = this.args;
    const role = new aws.iam.Role(
      this.child("role"),
      {
        namePrefix: rolePrefix(this.child("role")),
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
          ],
        },
      },
      this.inside,
    );
    const own = new aws.iam.RolePolicy(
      this.child("policy"),
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: rotationStatements({ region: context.region, credentials, keyArn, logsArn: logs.arn }),
        },
      },
      this.inside,
    );
    const network = new aws.iam.RolePolicyAttachment(
      this.child("network"),
      { role: role.name, policyArn: networkPolicy },
      this.inside,
    );
    return gated(role.arn, [own.id, network.id]);
  }
}
