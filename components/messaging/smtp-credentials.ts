import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { smtpPassword } from "./smtp-password";

export interface SmtpCredentialsArgs {
  readonly context: Context;
  readonly domain: string;
  readonly configurationSetName: string;
  /** Allowed recipients: addresses, or patterns of them. Undefined: all. */
  readonly recipients: readonly string[] | undefined;
  /** Current version of the credentials. */
  readonly version: number;
}

/**
 * Credentials for SES' SMTP endpoint, which requires an IAM user with an access key instead of a role. Each version has
 * its own user, and the previous version stays until the next, so pods that still use it can send until they are
 * replaced. A new `credentialsVersion` in the stack file creates a new version.
 */
export class SmtpCredentials extends Component {
  /** Name and password to log in with. */
  readonly values: { readonly user: pulumi.Output<string>; readonly password: pulumi.Output<string> };
  /** The permission to send, without which the credentials don't work. */
  readonly policy: pulumi.Resource;

  constructor(
    name: string,
    private readonly args: SmtpCredentialsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:SmtpCredentials", name, opts);
    const { version } = args;
    if (version > 1) this.login(version - 1);
    const { key, policy } = this.login(version);
    const { region } = args.context;
    this.values = { user: key.id, password: key.secret.apply((secret) => smtpPassword(secret, region)) };
    this.policy = policy;
    this.registerOutputs();
  }

  private login(version: number): { key: aws.iam.AccessKey; policy: aws.iam.UserPolicy } {
    const user = new aws.iam.User(this.child("user", version), {}, this.inside);
    const policy = new aws.iam.UserPolicy(
      this.child("policy", version),
      { user: user.name, policy: maySend(this.args) },
      this.inside,
    );
    const key = new aws.iam.AccessKey(this.child("key", version), { user: user.name }, this.inside);
    return { key, policy };
  }
}

/**
 * Allows only sending from the domain to the recipients. Source: SES developer guide, IAM condition keys.
 *
 * A condition and not the resource limits the sender: while an account is in the sandbox, SES also requires permission
 * on the recipient's identity, and otherwise refuses the mail with 554 "not authorized ... on resource
 * identity/somebody@example.org".
 */
function maySend({
  context,
  domain,
  configurationSetName,
  recipients,
}: Omit<SmtpCredentialsArgs, "version">): aws.iam.PolicyDocument {
  const arn = (resource: string) => `arn:aws:ses:${context.region}:${context.accountId}:${resource}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "SendAsDomain",
        Effect: "Allow",
        Action: "ses:SendRawEmail",
        Resource: [arn("identity/*"), arn(`configuration-set/${configurationSetName}`)],
        Condition: {
          StringLike: { "ses:FromAddress": `*@${domain}` },
          ...(recipients === undefined
            ? {}
            : { "ForAllValues:StringLike": { "ses:Recipients": [...recipients] } }),
        },
      },
    ],
  };
}
