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

/** A rule has an event pattern, a schedule, or both. */
function what({ eventPattern, scheduleExpression }: Values, unknown: readonly string[]): Failure[] {
  const given = [eventPattern, scheduleExpression].some((text) => text !== undefined && text !== UNKNOWN);
  return given || unknown.length > 0
    ? []
    : [refuse("eventPattern", "give eventPattern or scheduleExpression")];
}
