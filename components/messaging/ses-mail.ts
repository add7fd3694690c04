import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MailSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { secretEntry } from "../security/secret-entry";
import type { StoreOutputs } from "../base/store";
import { SesEvents } from "./ses-events";
import { smtpPort } from "../base/ports";
import { SmtpCredentials } from "./smtp-credentials";

export interface SesMailArgs {
  readonly context: Context;
  /** Domain that mail is sent from. */
  readonly domain: string;
  readonly settings: Omit<Extract<MailSettings, { kind: "ses" }>, "kind" | "domain">;
  /** Route 53 hosted zone of the domain. */
  readonly zoneId: pulumi.Input<string>;
  readonly system: string;
  readonly store: string;
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
  /** Key that encrypts the log of bounces and complaints. */
  readonly logsKeyArn: pulumi.Input<string>;
  /** Another region sends from the domain, too, and has its DMARC record. Default: false. */
  readonly elsewhere?: boolean;
}

/** TTL of the records in seconds. */
const ttl = 1800;

/** CNAME records that Easy DKIM requires. Source: Amazon SES developer guide, "Easy DKIM". */
const dkimRecords = 3;

/**
 * Amazon SES for one domain: the verified domain (DKIM, SPF, DMARC), and an SMTP user that may only send from it. SES
 * is in the sandbox in a new account: leaving it takes a request to AWS.
 */
export class SesMail extends Component {
  readonly outputs: StoreOutputs;
  private readonly configurationSetName: string;

  constructor(
    name: string,
    private readonly args: SesMailArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:SesMail", name, opts);
    const { context, system, store, logsKeyArn } = args;
    // At most 64 characters: the prefix has 28, the names of system and store share the rest.
    this.configurationSetName = [context.prefix, system, store].join("-");
    const set = this.configurationSet();
    new SesEvents(
      this.child("events"),
      {
        context,
        configurationSetName: set.configurationSetName,
        name: this.configurationSetName,
        logsKeyArn,
      },
      this.inside,
    );
    const identity = this.identity(set);
    this.dkim(identity);
    this.mailFrom(identity);
    if (args.elsewhere !== true) this.dmarc();
    this.outputs = this.storeOutputs(identity);
    this.registerOutputs();
  }

  /** Mail is only sent over TLS; addresses that bounced or complained are suppressed. */
  private configurationSet(): aws.sesv2.ConfigurationSet {
    return new aws.sesv2.ConfigurationSet(
      this.child("configuration"),
      {
        configurationSetName: this.configurationSetName,
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      },
      this.inside,
    );
  }

  private identity(set: aws.sesv2.ConfigurationSet): aws.sesv2.EmailIdentity {
    const args = { emailIdentity: this.args.domain, configurationSetName: set.configurationSetName };
    return new aws.sesv2.EmailIdentity(this.child("identity"), args, this.inside);
  }

  private record(key: string, name: pulumi.Input<string>, type: string, value: pulumi.Input<string>): void {
    const { zoneId } = this.args;
    const args = { zoneId, name, type, ttl, records: [value] };
    new aws.route53.Record(this.child(key), args, this.inside);
  }

  /** Verifies the domain, and lets receivers verify its messages. */
  private dkim(identity: aws.sesv2.EmailIdentity): void {
    for (let index = 0; index < dkimRecords; index++) {
      const token = identity.dkimSigningAttributes.tokens[index] as pulumi.Output<string>;
      this.record(
        `dkim-${index}`,
        pulumi.interpolate`${token}._domainkey.${this.args.domain}`,
        "CNAME",
        pulumi.interpolate`${token}.dkim.amazonses.com`,
      );
    }
  }

  /** Custom MAIL FROM domain, which DMARC's alignment needs; bounces go to SES. */
  private mailFrom(identity: aws.sesv2.EmailIdentity): void {
    const { context, domain, elsewhere = false } = this.args;
    // SES takes one MX record, which names a region.
    const mailFromDomain = elsewhere ? `mail-${context.region}.${domain}` : `mail.${domain}`;
    new aws.sesv2.EmailIdentityMailFromAttributes(
      this.child("mail-from"),
      // Until the MX record has propagated, SES uses its own domain.
      { emailIdentity: identity.emailIdentity, mailFromDomain, behaviorOnMxFailure: "USE_DEFAULT_VALUE" },
      this.inside,
    );
    this.record("mail-from-mx", mailFromDomain, "MX", `10 feedback-smtp.${context.region}.amazonses.com`);
    this.record("mail-from-spf", mailFromDomain, "TXT", "v=spf1 include:amazonses.com ~all");
  }

  /** How receivers treat messages that fail DKIM and SPF. */
  private dmarc(): void {
    this.record("dmarc", `_dmarc.${this.args.domain}`, "TXT", "v=DMARC1; p=quarantine;");
  }

  private storeOutputs(identity: aws.sesv2.EmailIdentity): StoreOutputs {
    const { context, domain, settings } = this.args;
    const { recipients, credentialsVersion } = settings;
    const { policy, values } = new SmtpCredentials(
      this.child("smtp"),
      {
        context,
        domain,
        configurationSetName: this.configurationSetName,
        recipients,
        version: credentialsVersion,
      },
      this.inside,
    );
    return {
      plain: { host: `email-smtp.${context.region}.amazonaws.com`, port: String(smtpPort) },
      secret: secretEntry(this, "entry", { ...this.args, values }),
      ready: [identity, policy],
      destinations: [{ kind: "internet", ports: [smtpPort] }],
      grants: [],
    };
  }
}
