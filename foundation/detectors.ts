import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import type { DetectorSettings } from "../config";

export interface DetectorsArgs {
  readonly context: Context;
  readonly settings: Omit<DetectorSettings, "config">;
  /** Topic of the region's alarms. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * GuardDuty features in addition to CloudTrail, flow logs and DNS. Source: GuardDuty API reference,
 * DetectorFeatureConfiguration.
 */
const guardDutyFeatures = {
  "s3-data-events": "S3_DATA_EVENTS",
  "eks-audit-logs": "EKS_AUDIT_LOGS",
  "ebs-malware": "EBS_MALWARE_PROTECTION",
  "rds-logins": "RDS_LOGIN_EVENTS",
  "lambda-network": "LAMBDA_NETWORK_LOGS",
  runtime: "RUNTIME_MONITORING",
} as const;

/**
 * Whether GuardDuty manages its agents: only on EKS, since nothing else runs here. GuardDuty returns all agents, also
 * those that aren't set, and the provider would replace the feature in each update to remove them. Source:
 * hashicorp/terraform-provider-aws issue 36695.
 */
const agents = [
  { name: "EKS_ADDON_MANAGEMENT", status: "ENABLED" },
  { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "DISABLED" },
  { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
];

/** Rules of EventBridge for findings at or above a severity, by the detector's own scale. */
const severities = { MEDIUM: 4, HIGH: 7, CRITICAL: 9 } as const;

/** Name of the rule that sends findings to the alarm topic. */
export const findingsRule = ({ prefix }: Pick<Context, "prefix">) => `${prefix}-findings`;

/**
 * Security services of a region, each with a switch, since an organisation may own it. Findings go to the region's
 * alarm topic, so they arrive even while another region is lost.
 */
export class Detectors extends Component {
  constructor(
    name: string,
    { context, settings, topicArn }: DetectorsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Detectors", name, opts);
    if (settings.guardDuty) this.guardDuty(context);
    if (settings.securityHub) this.securityHub(context);
    if (settings.accessAnalyzer)
      new aws.accessanalyzer.Analyzer(
        this.child("access-analyzer"),
        { analyzerName: `${context.prefix}-external-access`, type: "ACCOUNT" },
        this.inside,
      );
    if (settings.inspector)
      new aws.inspector2.Enabler(
        this.child("inspector"),
        { accountIds: [context.accountId], resourceTypes: ["ECR"] },
        this.inside,
      );
    this.findings(context, settings, topicArn);
    this.registerOutputs();
  }

  private guardDuty({ protect }: Context): void {
    const detector = new aws.guardduty.Detector(
      this.child("guardduty"),
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
      { ...this.inside, protect },
    );
    for (const [key, feature] of Object.entries(guardDutyFeatures)) {
      const watched = { detectorId: detector.id, name: feature, status: "ENABLED" };
      const name = this.child("guardduty", key);
      if (feature === "RUNTIME_MONITORING")
        new aws.guardduty.DetectorFeature(
          name,
          { ...watched, additionalConfigurations: agents },
          this.inside,
        );
      else
        new aws.guardduty.DetectorFeature(name, watched, {
          ...this.inside,
          // GuardDuty's own additions stay.
          ignoreChanges: ["additionalConfigurations"],
        });
    }
  }

  private securityHub({ region }: Context): void {
    const account = new aws.securityhub.Account(
      this.child("security-hub"),
      { enableDefaultStandards: false, controlFindingGenerator: "SECURITY_CONTROL" },
      this.inside,
    );
    const standards = {
      fsbp: `arn:aws:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
      cis: `arn:aws:securityhub:${region}::standards/cis-aws-foundations-benchmark/v/3.0.0`,
    };
    for (const [key, standardsArn] of Object.entries(standards))
      new aws.securityhub.StandardsSubscription(
        this.child("security-hub", key),
        { standardsArn },
        { ...this.inside, dependsOn: [account] },
      );
  }

  /**
   * Sends findings from a severity on to the alarm topic. Security Hub also has the findings of the other services, so
   * with it only its own events are sent. Sources: EventBridge events in the user guides of Security Hub, GuardDuty,
   * Inspector and IAM Access Analyzer.
   */
  private findings(
    context: Context,
    { securityHub, guardDuty, inspector, accessAnalyzer, notifyFrom }: DetectorsArgs["settings"],
    topicArn: pulumi.Input<string>,
  ): void {
    const labels = (["MEDIUM", "HIGH", "CRITICAL"] as const).slice(
      ["MEDIUM", "HIGH", "CRITICAL"].indexOf(notifyFrom),
    );
    const hub = {
      source: ["aws.securityhub"],
      "detail-type": ["Security Hub Findings - Imported"],
      detail: {
        findings: { Severity: { Label: labels }, Workflow: { Status: ["NEW"] }, RecordState: ["ACTIVE"] },
      },
    };
    const own = [
      guardDuty && {
        source: ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        detail: { severity: [{ numeric: [">=", severities[notifyFrom]] }] },
      },
      inspector && {
        source: ["aws.inspector2"],
        "detail-type": ["Inspector2 Finding"],
        detail: { severity: labels, status: ["ACTIVE"] },
      },
      // Its findings have no severity: each is a resource that is open to others.
      accessAnalyzer && {
        source: ["aws.access-analyzer"],
        "detail-type": ["Access Analyzer Finding"],
        detail: { status: ["ACTIVE"] },
      },
    ].filter((pattern) => pattern !== false);
    // EventBridge requires at least two patterns in an `$or`.
    const pattern = securityHub ? hub : own.length > 1 ? { $or: own } : own[0];
    if (pattern === undefined) return;
    const rule = new aws.cloudwatch.EventRule(
      this.child("findings"),
      {
        name: findingsRule(context),
        description: `Findings of severity ${labels.join(", ")}`,
        eventPattern: JSON.stringify(pattern),
      },
      this.inside,
    );
    new aws.cloudwatch.EventTarget(
      this.child("findings", "target"),
      { rule: rule.name, arn: topicArn },
      this.inside,
    );
  }
}
