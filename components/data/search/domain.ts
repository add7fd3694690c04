import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SearchSettings } from "../../../config";
import { Component } from "../../base/component";
import type { Context } from "../../base/context";
import { gated } from "../../base/gated";
import { logGroup } from "../../base/log-group";
import { physicalName } from "../../base/naming";
import { cloudAlarms } from "../../observability/cloud-alarms";
import { searchAlarms } from "../../observability/search-alarms";
import { kmsKey } from "../../security/keys";
import { SearchSetup, type SearchSetupArgs } from "./setup";

export type SearchDomainArgs = Omit<SearchSetupArgs, "domainArn">;

/** Physical name of an environment's domain. */
const searchDomainName = ({ prefix }: Pick<Context, "prefix">): string =>
  physicalName("searchDomain", prefix, "logs");

/** ARN of the domain: plain, since it follows from names. */
export const searchDomainArn = (context: Context): string =>
  `arn:aws:es:${context.region}:${context.accountId}:domain/${searchDomainName(context)}`;

/** Logs that the domain publishes to CloudWatch: audit, slow and error logs. */
const logTypes = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"] as const;

/** Start (hour, UTC) of the ten-hour off-peak window, in which AWS updates and tunes: at night in Seoul. */
const offPeakHour = 15;

/**
 * A domain of Amazon OpenSearch Service in the platform's own subnets, in which all logs and traces are searched. Only
 * IAM roles log in: there is no password. The domain's master user is the role of the function that creates index
 * templates, ISM policies and roles; no person can assume it.
 */
export class SearchDomain extends Component {
  /** `https://` and the domain's host, known once its roles and templates are there. */
  readonly endpoint: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: SearchDomainArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:SearchDomain", name, opts);
    const setup = new SearchSetup(
      this.child("setup"),
      { ...args, domainArn: searchDomainArn(args.context) },
      this.inside,
    );
    const domain = this.domain(setup.roleArn);
    this.alarms();
    const endpoint = pulumi.interpolate`https://${domain.endpoint}`;
    this.endpoint = gated(endpoint, [setup.apply(domain)]);
    this.registerOutputs();
  }

  private domain(masterUserArn: pulumi.Input<string>): aws.opensearch.Domain {
    const { context, settings, network } = this.args;
    const domainName = searchDomainName(context);
    const { nodes } = settings;
    return new aws.opensearch.Domain(
      this.child("domain"),
      {
        domainName,
        engineVersion: settings.version,
        clusterConfig: clusterConfig(settings),
        ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: nodes.storage },
        vpcOptions: {
          subnetIds: network.subnetIds.slice(0, settings.zones),
          securityGroupIds: [network.securityGroupId],
        },
        encryptAtRest: {
          enabled: true,
          kmsKeyId: kmsKey(this, "search", {
            context,
            description: "OpenSearch domain of logs and traces",
          }),
        },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: false,
          masterUserOptions: { masterUserArn },
        },
        // Who may send requests at all. Fine-grained access control decides what each role may do.
        accessPolicies: JSON.stringify(accessPolicy(context)),
        autoTuneOptions: {
          desiredState: burstable(nodes.type) ? "DISABLED" : "ENABLED",
          useOffPeakWindow: !burstable(nodes.type),
        },
        offPeakWindowOptions: {
          enabled: true,
          offPeakWindow: { windowStartTime: { hours: offPeakHour, minutes: 0 } },
        },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
        logPublishingOptions: this.logs(domainName),
      },
      { ...this.inside, protect: context.protect },
    );
  }

  /** A log group for each kind of log. Its policy must allow the service to write before the domain publishes to it. */
  private logs(domainName: string): pulumi.Input<aws.types.input.opensearch.DomainLogPublishingOption>[] {
    const { context, logsKeyArn } = this.args;
    return logTypes.map((logType) => {
      const key = logType.toLowerCase().replaceAll("_", "-");
      const name = `/aws/OpenSearchService/domains/${domainName}/${key}`;
      const group = logGroup(this, key, { context, name, keyArn: logsKeyArn });
      const policy = new aws.cloudwatch.LogResourcePolicy(
        this.child(key, "policy"),
        // A policy of the log group, since an account can have only ten account-wide ones.
        { resourceArn: group.arn, policyDocument: JSON.stringify(logPolicy(context, name)) },
        this.inside,
      );
      return { logType, cloudwatchLogGroupArn: gated(group.arn, [policy.id]) };
    });
  }

  private alarms(): void {
    const { context, settings, alarmTopicArn } = this.args;
    const label = searchDomainName(context);
    cloudAlarms(this, "alarm", searchAlarms(settings.nodes), {
      label,
      namespace: "AWS/ES",
      dimensions: { DomainName: label, ClientId: context.accountId },
      alarmTopicArn,
    });
  }
}

/** Auto-Tune isn't for t3. Source: Amazon OpenSearch Service developer guide, supported instance types. */
const burstable = (type: string) => type.startsWith("t3.");

function clusterConfig({
  zones,
  nodes,
  managers,
  warm,
}: SearchSettings): aws.types.input.opensearch.DomainClusterConfig {
  return {
    instanceType: nodes.type,
    instanceCount: nodes.count,
    zoneAwarenessEnabled: zones > 1,
    ...(zones > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: zones } } : {}),
    ...(managers === undefined
      ? { dedicatedMasterEnabled: false }
      : {
          dedicatedMasterEnabled: true,
          dedicatedMasterType: managers.type,
          dedicatedMasterCount: managers.count,
        }),
    ...(warm === undefined ? {} : { warmEnabled: true, warmType: warm.type, warmCount: warm.count }),
  };
}

/** Allows requests of the account's identities, within their own policies. */
const accessPolicy = (context: Context) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AccountByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${context.accountId}:root` },
      Action: ["Delete", "Get", "Head", "Patch", "Post", "Put"].map((method) => `es:ESHttp${method}`),
      Resource: `${searchDomainArn(context)}/*`,
    },
  ],
});

/** Source: Amazon OpenSearch Service developer guide, monitoring logs with CloudWatch Logs. */
const logPolicy = (context: Context, name: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "OpenSearchWrites",
      Effect: "Allow",
      Principal: { Service: "es.amazonaws.com" },
      Action: ["logs:PutLogEvents", "logs:CreateLogStream"],
      Resource: `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}:*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": context.accountId },
        ArnLike: { "aws:SourceArn": searchDomainArn(context) },
      },
    },
  ],
});
