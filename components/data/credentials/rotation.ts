import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../base/component";
import type { Context } from "../../base/context";
import { gated } from "../../base/gated";
import { physicalName } from "../../base/naming";
import { lambdaFunction } from "../../observability/lambda-function";
import type { Credentials } from ".";
import { rotationStatements } from "./rights";
import type { RotationVariables } from "./variables";
import type { Rotation } from "../../base/store";

export interface CredentialsRotationArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  readonly credentials: Credentials;
  /** Days between two rotations. */
  readonly days: number;
  /** Host of the primary itself: the proxy has no login for the master user. */
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly database: string;
  /** Hosts of the read replicas, on which the new logins are also tested. */
  readonly replicas: readonly pulumi.Input<string>[];
  /** Host of the proxy in front of the primary, through which the owner's new login is also tested. Default: none. */
  readonly proxy?: pulumi.Input<string> | undefined;
  /** Private subnets with a route to Secrets Manager. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security group that may connect to the database. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Key of the entries. */
  readonly keyArn: pulumi.Input<string>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Topic of the alarm on the function's errors. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Timeout of a step in seconds: a few logins with a timeout of ten seconds each, and four attempts through a proxy. */
const timeout = 120;

/**
 * The function that Secrets Manager calls to rotate one database's logins. Its schedule is created once the database
 * has its roles (`schedule.ts`).
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
    const handler = lambdaFunction(this, {
      context,
      name: functionName,
      description: `Rotates the logins of ${system}'s ${store}.`,
      bundle: "rotation",
      variables: this.variables(),
      timeout,
      statements: rotationStatements({ region: context.region, credentials, keyArn: args.keyArn }),
      logsKeyArn: args.logsKeyArn,
      keyArn: args.keyArn,
      network: args,
      alarm: {
        description: `The rotation of the logins of ${system}'s ${store} failed: the current logins stay in use. Read the function's log. See docs/credentials.md.`,
        topicArn: args.alarmTopicArn,
      },
    });
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
    // Lambda includes the certificate authorities of RDS. From Node.js 20 on it trusts them only if this variable is
    // set. Source: Lambda developer guide, Node.js, CA certificate loading.
    return { ...variables, NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };
  }
}
