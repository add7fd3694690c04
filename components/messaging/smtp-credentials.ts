import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { smtpPassword } from "./smtp-password";

export interface SmtpCredentialsArgs {
  readonly context: Context;
  readonly domain: string;
  readonly configurationSetName: string;
  /** Addresses, or patterns of them, that alone may be written to; none given: everybody. */
  readonly recipients: readonly string[] | undefined;
  /** Number of the credentials in use. */
  readonly version: number;
}

/**
 * What logs in to SES's SMTP endpoint: it takes no role, but an IAM user with a key. Each version has a user of its
 * own, and the version before stays until the next, so that pods which still hold it can send until they are
 * replaced. A new version is one line of config: `credentialsVersion`.
 */
export class SmtpCredentials extends Component {
  /** Name and password to log in with. */
  readonly values: { readonly user: pulumi.Output<string>; readonly password: pulumi.Output<string> };
  /** The right to send, without which the name and password are worth nothing. */
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
 * Sending from the domain, to the recipients, and nothing else. Source: SES developer guide, IAM condition keys.
 *
 * The condition says who the sender is, not the resource: while an account is in the sandbox, SES asks for the right to
 * use the identity of the recipient, too, and refuses the mail with 554 "not authorized ... on resource
 * identity/somebody@example.org".
 */
export function maySend({
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
