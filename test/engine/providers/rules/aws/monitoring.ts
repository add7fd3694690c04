import { refuse, type Failure, type Rules } from "../../rule";
import { UNKNOWN, type Values } from "../../wire";
import { exactlyOne } from "./checks";

const eventRule = "aws:cloudwatch/eventRule:EventRule";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const workspace = "aws:amp/workspace:Workspace";

/** Logs, alarms, events, metrics: CloudWatch, EventBridge, Amazon Managed Service for Prometheus. */
export const monitoringRules: Rules = {
  [workspace]: {
    id: "ws-{uuid}",
    arn: "arn:aws:aps:{region}:{account}:workspace/{id}",
    replace: ["kmsKeyArn"],
    outputs: { prometheusEndpoint: "https://aps-workspaces.{region}.amazonaws.com/workspaces/{id}/" },
    refs: { kmsKeyArn: "aws:kms/key:Key" },
  },
  "aws:amp/workspaceConfiguration:WorkspaceConfiguration": {
    id: "{workspaceId}",
    replace: ["workspaceId"],
    refs: { workspaceId: workspace },
    check: ({ retentionPeriodInDays: days }) =>
      days === undefined || (Number(days) >= 1 && Number(days) <= 1095)
        ? []
        : [refuse("retentionPeriodInDays", "1 to 1095 days")],
  },
  [logGroup]: {
    id: "{name}",
    arn: "arn:aws:logs:{region}:{account}:log-group:{name}",
    name: {
      property: "name",
      max: 512,
      auto: true,
      pattern: /^[\w./#-]+$/,
      what: "letters, digits and ._/#-",
    },
    replace: ["name", "namePrefix", "logGroupClass"],
    defaults: {
      retentionInDays: 0,
      skipDestroy: false,
      logGroupClass: "STANDARD",
      deletionProtectionEnabled: false,
    },
    check: retention,
    keep: ({ deletionProtectionEnabled }) =>
      deletionProtectionEnabled === true ? "deletionProtectionEnabled is on" : undefined,
  },
  // The account's own policies go by a name, a log group's by the group.
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    id: "{policyName}{resourceArn}",
    replace: ["policyName", "resourceArn"],
    outputs: {
      policyScope: ({ resourceArn }: Values) => (resourceArn === undefined ? "ACCOUNT" : "RESOURCE"),
      revisionId: "{digits12}",
    },
    documents: ["policyDocument"],
    refs: { resourceArn: logGroup },
    check: exactlyOne("policyName", "resourceArn"),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    id: "{name}",
    arn: "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    name: { property: "name", max: 255, auto: true },
    replace: ["name"],
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
    unordered: ["alarmActions", "okActions", "insufficientDataActions"],
  },
  "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": {
    id: "{name}",
    arn: "arn:aws:cloudwatch:{region}:{account}:alarm-mute-rule:{name}",
    name: { property: "name", max: 255 },
    replace: ["name"],
    outputs: { muteType: "RECURRING", status: "SCHEDULED", lastUpdatedTimestamp: "2026-01-01T00:00:00Z" },
    unordered: ["muteTargets.alarmNames"],
    check: muted,
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    id: "{name}",
    arn: "arn:aws:scheduler:{region}:{account}:schedule-group/{name}",
    name: { property: "name", max: 64, auto: true, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name", "namePrefix"],
    outputs: { state: "ACTIVE" },
  },
  "aws:scheduler/schedule:Schedule": {
    id: "{groupName}/{name}",
    arn: "arn:aws:scheduler:{region}:{account}:schedule/{groupName}/{name}",
    name: { property: "name", max: 64, auto: true, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name", "namePrefix", "groupName"],
    defaults: { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
    refs: { groupName: "aws:scheduler/scheduleGroup:ScheduleGroup" },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: "{dashboardName}",
    name: { property: "dashboardName", max: 255, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" },
    replace: ["dashboardName"],
    documents: ["dashboardBody"],
  },
  [eventRule]: {
    id: "{name}",
    arn: "arn:aws:events:{region}:{account}:rule/{name}",
    name: { property: "name", max: 64, auto: true, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name", "namePrefix", "eventBusName"],
    defaults: { eventBusName: "default", forceDestroy: false, state: "ENABLED" },
    documents: ["eventPattern"],
    held: true,
    check: what,
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    id: "{rule}-terraform-{hex26}",
    replace: ["rule", "targetId", "eventBusName"],
    defaults: { eventBusName: "default", forceDestroy: false },
    outputs: { targetId: ({ id, rule }: Values) => String(id).slice(String(rule).length + 1) },
    refs: { rule: eventRule },
  },
};

/** Source: CloudWatch Logs API reference, PutRetentionPolicy. 0 means forever. */
const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function retention({ retentionInDays: days }: Values): Failure[] {
  return typeof days !== "number" || retentions.includes(days)
    ? []
    : [refuse("retentionInDays", `${days} isn't one of ${retentions.join(", ")}`)];
}

/** Source: CloudWatch API reference, Schedule and MuteTargets: fifteen days at most, and a hundred alarms. */
function muted({ rule, muteTargets }: Values): Failure[] {
  const { duration } = ((rule ?? {}) as { schedule?: Values }).schedule ?? {};
  const minutes = Number(/^PT(\d+)M$/.exec(String(duration))?.[1] ?? 1);
  const { alarmNames } = (muteTargets ?? {}) as { alarmNames?: unknown };
  return [
    ...(minutes > 15 * 24 * 60 ? [refuse("rule", `${String(duration)} is longer than 15 days`)] : []),
    ...(Array.isArray(alarmNames) && alarmNames.length > 100
      ? [refuse("muteTargets", `${alarmNames.length} alarms; allowed are 100`)]
      : []),
  ];
}

/** A rule has an event pattern, a schedule, or both. */
function what({ eventPattern, scheduleExpression }: Values, unknown: readonly string[]): Failure[] {
  const given = [eventPattern, scheduleExpression].some((text) => text !== undefined && text !== UNKNOWN);
  return given || unknown.length > 0
    ? []
    : [refuse("eventPattern", "give eventPattern or scheduleExpression")];
}
