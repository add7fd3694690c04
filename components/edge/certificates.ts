import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { zoneOf } from "./zones";

export interface CertificatesArgs {
  /** Public hosts. Each gets its own certificate, so one can't delay another. */
  readonly hosts: readonly string[];
  /** Hosted zone ids by domain. */
  readonly zones: Readonly<Record<string, string>>;
}

/** Certificates of the public hosts, validated by DNS, so ACM issues and renews them automatically. */
export class Certificates extends Component {
  /** ARN by host, known once the certificate is issued. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, { hosts, zones }: CertificatesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Certificates", name, opts);
    this.arns = Object.fromEntries(hosts.map((host) => [host, this.issue(host, zoneOf(host, zones))]));
    this.registerOutputs();
  }

  private issue(host: string, zoneId: string): pulumi.Output<string> {
    const certificate = new aws.acm.Certificate(
      this.child(host),
      { domainName: host, validationMethod: "DNS" },
      this.inside,
    );
    // One domain, so one validation record. ACM returns it shortly after the certificate.
    const proof = certificate.domainValidationOptions.apply(
      ([first]) => first as aws.types.output.acm.CertificateDomainValidationOption,
    );
    const record = new aws.route53.Record(
      this.child(host, "proof"),
      {
        zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // All certificates of a host in one account have the same validation record.
        allowOverwrite: true,
      },
      this.inside,
    );
    return new aws.acm.CertificateValidation(
      this.child(host, "issued"),
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      this.inside,
    ).certificateArn;
  }
}
