import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import { environmentTags } from "../components/base/tags";
import { AlarmTopic } from "../components/observability/alarm-topic";
import { cloudWatchAlarms, eventRules } from "../components/security/key-policies";
import { kmsKey } from "../components/security/keys";
import { AccessLogs } from "../components/storage/access-logs";
import type { FoundationSettings } from "../config";
import { Audit } from "./audit";
import { Costs } from "./costs";
import { findingsRule } from "./detectors";
import { Pipelines } from "./pipelines";
import { Registry } from "./registry";
import { secretsAlias, StateBucket } from "./state";
import { copyContext, StateCopy, type StateCopyArgs } from "./state-copy";
import { watchRegion } from "./watch";

/** Outputs for the next steps. They contain no secrets. */
export interface FoundationOutputs {
  /** Argument of `pulumi login`. */
  readonly backend: pulumi.Output<string>;
  /** The same while the first region is lost, if there is a second one. */
  readonly backendCopy?: pulumi.Output<string>;
  /**
   * Argument of `pulumi stack init --secrets-provider`, by environment. It has no region: AWS_REGION selects the key.
   */
  readonly secretsProviders: Readonly<Record<string, string>>;
  /** ARNs of the roles by environment. */
  readonly roles: Pipelines["roles"];
  /** ARN of the role that pushes images, where there is one. */
  readonly pushRole?: pulumi.Output<string>;
  /** ARN of the permissions boundary of an environment's roles: `plinth:permissionsBoundary`. */
  readonly permissionsBoundary: pulumi.Output<string>;
  /** Bucket of the audit and its key, where the stack has them: `plinth:audit.bucket` and `plinth:audit.key`. */
  readonly audit?: Audit["place"];
  /** Address of the registry: `plinth:registry`. */
  readonly registry: string;
  /** Prefixes of the caches: `plinth:imageMirrors`. */
  readonly imageMirrors: Readonly<Record<string, string>>;
  /** Ids of the hosted zones: `plinth:edge.zones`. */
  readonly zones: Readonly<Record<string, pulumi.Input<string>>>;
  /** Name servers of the created zones: enter them at the domain's registrar. */
  readonly nameServers: Readonly<Record<string, pulumi.Output<string[]>>>;
}

/** The foundation of an account: its provider, its resources and its outputs. */
export function foundation(settings: FoundationSettings): FoundationOutputs {
  const { account, secondRegion } = settings;
  const providerOf = (name: string, region: string) =>
    new aws.Provider(name, {
      region: region as aws.Region,
      allowedAccountIds: [account.id],
      defaultTags: { tags: environmentTags(settings) },
    });
  const provider = providerOf("primary", account.region);
  const second =
    secondRegion === undefined
      ? undefined
      : { region: secondRegion, provider: providerOf("standby", secondRegion) };
  return new Foundation("foundation", { settings, provider, second }, { providers: { aws: provider } })
    .outputs;
}

interface FoundationArgs {
  readonly settings: FoundationSettings;
  readonly provider: aws.Provider;
  /** The second region, where there is one. */
  readonly second: StateCopyArgs["second"] | undefined;
}

class Foundation extends Component {
  readonly outputs: FoundationOutputs;

  constructor(
    name: string,
    { settings, provider, second }: FoundationArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Foundation", name, opts);
    const { account, prefix, protect } = settings;
    const context: Context = {
      prefix,
      accountId: account.id,
      region: account.region,
      protect,
      // State, images and the audit are needed to recreate everything else.
      disposable: false,
      serviceLogDays: 365,
      tags: environmentTags(settings),
    };
    const accessLogs = new AccessLogs(
      this.child("access-logs"),
      {
        context,
        days: settings.accessLogDays,
        cdn: false,
        config: settings.detectors?.config !== undefined,
      },
      this.inside,
    );
    const state = new StateBucket(this.child("state"), { context, accessLogs }, this.inside);
    const alarms = new AlarmTopic(
      this.child("alarms"),
      {
        context,
        settings: settings.alarms,
        rules: settings.detectors === undefined ? [] : [findingsRule(context)],
        keys: {
          alarms: kmsKey(this, "alarms", {
            context,
            description: "SNS topics for findings and alarms",
            statements: [cloudWatchAlarms(context), eventRules(context)],
          }),
        },
      },
      this.inside,
    );
    const copy =
      second === undefined
        ? undefined
        : new StateCopy(
            this.child("standby"),
            { context, settings, state, provider, second, alarmTopicArn: alarms.arn },
            { ...this.inside, providers: { aws: second.provider } },
          );
    const audit =
      settings.audit &&
      new Audit(
        this.child("audit"),
        {
          context,
          settings: settings.audit,
          accessLogs,
          config: settings.detectors?.config !== undefined,
          alarmTopicArn: alarms.arn,
          regions: [account.region, ...(second === undefined ? [] : [second.region])],
        },
        this.inside,
      );
    const watched = { settings: settings.detectors, accessLogs };
    const recorder = watchRegion(this, [], { ...watched, context, alarmTopicArn: alarms.arn }, this.inside);
    if (second !== undefined && copy !== undefined)
      watchRegion(
        this,
        ["standby"],
        {
          ...watched,
          context: copyContext(context, second.region),
          alarmTopicArn: copy.alarmTopicArn,
          first: { recorder },
        },
        { ...this.inside, providers: { aws: second.provider } },
      );
    if (settings.costs !== undefined)
      new Costs(
        this.child("costs"),
        { context, settings: settings.costs, emails: settings.alarms.emails },
        this.inside,
      );
    const registry = new Registry(
      this.child("registry"),
      { context, settings: settings.images, second },
      this.inside,
    );
    const made = this.zones(settings.zones, protect);
    const zones = Object.fromEntries(
      Object.entries(settings.zones).map(([domain, id]) => [domain, made[domain]?.zoneId ?? id]),
    );
    const pipelines = new Pipelines(
      this.child("pipelines"),
      {
        context,
        settings: settings.pipelines,
        secondRegion: settings.secondRegion,
        states: copy === undefined ? [state] : [state, copy.state],
        zoneIds: Object.values(zones),
        imageRepositories: settings.images.repositories,
      },
      this.inside,
    );
    this.outputs = {
      backend: state.backend,
      ...(copy === undefined ? {} : { backendCopy: copy.state.backend }),
      secretsProviders: Object.fromEntries(
        Object.keys(settings.pipelines.environments).map((environment) => [
          environment,
          `awskms://${secretsAlias(context)}?context_environment=${environment}`,
        ]),
      ),
      roles: pipelines.roles,
      ...(pipelines.push === undefined ? {} : { pushRole: pipelines.push }),
      permissionsBoundary: pipelines.boundary,
      ...(audit === undefined ? {} : { audit: audit.place }),
      registry: registry.address,
      imageMirrors: registry.mirrors,
      zones,
      nameServers: Object.fromEntries(
        Object.entries(made).map(([domain, { nameServers }]) => [domain, nameServers]),
      ),
    };
    this.registerOutputs();
  }

  /** The hosted zones to create, by domain. */
  private zones(zones: FoundationSettings["zones"], protect: boolean): Record<string, aws.route53.Zone> {
    return Object.fromEntries(
      Object.entries(zones)
        .filter(([, id]) => id === "create")
        .map(([domain]) => [
          domain,
          new aws.route53.Zone(
            this.child("zone", domain),
            { name: domain, comment: "Created by Plinth's foundation", forceDestroy: false },
            { ...this.inside, protect, retainOnDelete: true },
          ),
        ]),
    );
  }
}
