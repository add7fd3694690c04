import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { zoneOf } from "./zones";

export interface CertificatesArgs {
  /** Public hosts. Each gets its own certificate, so one can't delay another. */
  readonly hosts: readonly string[];
  /** Hosted zone ids by domain. */
  readonly zones: Readonly<Record<string, string>>;
  /**
   * Whether another region has certificates for the same hosts. ACM validates all of them by the same record, so Pulumi
   * doesn't delete the records of this component. Default: false.
   */
  readonly provenElsewhere?: boolean;
}

/** Certificates of the public hosts, validated by DNS, so ACM issues and renews them automatically. */
export class Certificates extends Component {
  /** ARN by host, known once the certificate is issued. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: CertificatesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Certificates", name, opts);
    this.arns = Object.fromEntries(args.hosts.map((host) => [host, this.issue(host, args)]));
    this.registerOutputs();
  }

  private issue(host: string, { zones, provenElsewhere = false }: CertificatesArgs): pulumi.Output<string> {
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
        zoneId: zoneOf(host, zones),
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // Other certificates of the same host in this account, earlier or in another region, have the same record.
        allowOverwrite: true,
      },
      { ...this.inside, retainOnDelete: provenElsewhere },
    );
    return new aws.acm.CertificateValidation(
      this.child(host, "issued"),
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      this.inside,
    ).certificateArn;
  }
}
