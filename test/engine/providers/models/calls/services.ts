import { callsOf, type Mappings } from "../call";

const acm = callsOf("acm");
const amp = callsOf("amp");
const eks = callsOf("eks");
const events = callsOf("events");
const lambda = callsOf("lambda");
const logs = callsOf("logs");
const route53 = callsOf("route53");
const scheduler = callsOf("scheduler");
const ses = callsOf("sesv2");
const sns = callsOf("sns");
const sqs = callsOf("sqs");

/** Structure of a record in the call. */
const record = "ChangeBatch.Changes.ResourceRecordSet";
const check = "HealthCheckConfig";

export const serviceCalls: Mappings = {
  "aws:acm/certificate:Certificate": { calls: [acm("RequestCertificate")] },
  "aws:ssm/association:Association": { calls: [callsOf("ssm")("CreateAssociation")] },
  "aws:acm/certificateValidation:CertificateValidation": {
    calls: [],
    elsewhere: {
      certificateArn: "the provider only waits until it is issued",
      validationRecordFqdns: "the provider only waits until it is issued",
    },
  },
  "aws:amp/workspace:Workspace": { calls: [amp("CreateWorkspace")] },
  "aws:amp/workspaceConfiguration:WorkspaceConfiguration": { calls: [amp("UpdateWorkspaceConfiguration")] },
  "aws:budgets/budget:Budget": {
    calls: [
      callsOf("budgets")("CreateBudget", {
        members: {
          name: "Budget.BudgetName",
          budgetType: "Budget.BudgetType",
          timeUnit: "Budget.TimeUnit",
          metrics: "Budget.Metrics",
          filterExpression: "Budget.FilterExpression",
          limitAmount: "Budget.BudgetLimit.Amount",
          limitUnit: "Budget.BudgetLimit.Unit",
          "filterExpression.ands": "And",
          notifications: "NotificationsWithSubscribers",
          "notifications.notificationType": "Notification.NotificationType",
          "notifications.comparisonOperator": "Notification.ComparisonOperator",
          "notifications.threshold": "Notification.Threshold",
          "notifications.thresholdType": "Notification.ThresholdType",
          "notifications.subscriberEmailAddresses": "Subscribers.Address",
        },
        supplied: ["AccountId", "NotificationsWithSubscribers.Subscribers.SubscriptionType"],
      }),
    ],
  },
  "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": { calls: [callsOf("cloudwatch")("PutAlarmMuteRule")] },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { calls: [scheduler("CreateScheduleGroup")] },
  "aws:scheduler/schedule:Schedule": { calls: [scheduler("CreateSchedule")] },
  "aws:cloudwatch/eventRule:EventRule": { calls: [events("PutRule")] },
  "aws:cloudwatch/eventTarget:EventTarget": {
    calls: [
      events("PutTargets", {
        members: {
          arn: "Targets.Arn",
          inputTransformer: "Targets.InputTransformer",
          "inputTransformer.inputPaths": "InputPathsMap",
        },
        supplied: ["Targets.Id"],
      }),
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    calls: [
      logs("CreateLogGroup", { members: { name: "logGroupName" } }),
      logs("PutRetentionPolicy", {
        members: { name: "logGroupName" },
        when: ({ retentionInDays }) => retentionInDays !== undefined,
      }),
    ],
    elsewhere: { skipDestroy: "the provider leaves the group where it is" },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { calls: [logs("PutResourcePolicy")] },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    calls: [
      callsOf("cloudwatch")("PutMetricAlarm", { members: { name: "AlarmName", metricQueries: "Metrics" } }),
    ],
  },
  "aws:eks/accessEntry:AccessEntry": { calls: [eks("CreateAccessEntry")] },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": { calls: [eks("AssociateAccessPolicy")] },
  "aws:eks/addon:Addon": {
    calls: [
      eks("CreateAddon", { members: { resolveConflictsOnCreate: "resolveConflicts" } }),
      eks("UpdateAddon", { members: { resolveConflictsOnUpdate: "resolveConflicts" } }),
    ],
    elsewhere: { preserve: "what the provider says when it deletes" },
  },
  "aws:eks/cluster:Cluster": {
    calls: [
      eks("CreateCluster", {
        members: {
          vpcConfig: "resourcesVpcConfig",
          enabledClusterLogTypes: "logging.clusterLogging.types",
        },
      }),
    ],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": { calls: [eks("CreatePodIdentityAssociation")] },
  "aws:lambda/function:Function": {
    calls: [lambda("CreateFunction", { members: { name: "FunctionName" }, supplied: ["Code"] })],
    elsewhere: { code: "an archive, which the provider packs" },
  },
  "aws:lambda/invocation:Invocation": {
    calls: [lambda("Invoke", { members: { input: "Payload" } })],
    elsewhere: { triggers: "what the provider calls again for" },
  },
  "aws:lambda/permission:Permission": {
    calls: [lambda("AddPermission", { members: { function: "FunctionName" }, supplied: ["StatementId"] })],
  },
  "aws:route53/record:Record": {
    calls: [
      route53("ChangeResourceRecordSets", {
        members: {
          zoneId: "HostedZoneId",
          name: `${record}.Name`,
          type: `${record}.Type`,
          ttl: `${record}.TTL`,
          records: `${record}.ResourceRecords`,
          setIdentifier: `${record}.SetIdentifier`,
          healthCheckId: `${record}.HealthCheckId`,
        },
        supplied: ["ChangeBatch.Changes.Action"],
      }),
    ],
    elsewhere: {
      allowOverwrite: "chooses between the actions CREATE and UPSERT",
      failoverRoutingPolicies: "a list of one, which is the record's Failover",
    },
  },
  "aws:route53/healthCheck:HealthCheck": {
    calls: [
      route53("CreateHealthCheck", {
        members: {
          type: `${check}.Type`,
          fqdn: `${check}.FullyQualifiedDomainName`,
          port: `${check}.Port`,
          resourcePath: `${check}.ResourcePath`,
          enableSni: `${check}.EnableSNI`,
          requestInterval: `${check}.RequestInterval`,
          failureThreshold: `${check}.FailureThreshold`,
          disabled: `${check}.Disabled`,
          invertHealthcheck: `${check}.Inverted`,
        },
        supplied: ["CallerReference"],
      }),
    ],
    elsewhere: { tags: "a call of its own, ChangeTagsForResource" },
  },
  "aws:sesv2/configurationSet:ConfigurationSet": { calls: [ses("CreateConfigurationSet")] },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    calls: [ses("CreateConfigurationSetEventDestination")],
  },
  "aws:sesv2/emailIdentity:EmailIdentity": { calls: [ses("CreateEmailIdentity")] },
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": {
    calls: [ses("PutEmailIdentityMailFromAttributes")],
  },
  "aws:sns/topic:Topic": {
    calls: [sns("CreateTopic", { members: { kmsMasterKeyId: "Attributes.KmsMasterKeyId" } })],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    calls: [
      sns("SetTopicAttributes", {
        members: { arn: "TopicArn", policy: "AttributeValue" },
        supplied: ["AttributeName"],
      }),
    ],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    calls: [sns("Subscribe", { members: { topic: "TopicArn" } })],
  },
  "aws:sqs/queue:Queue": {
    calls: [
      sqs("CreateQueue", {
        members: {
          name: "QueueName",
          delaySeconds: "Attributes.DelaySeconds",
          kmsMasterKeyId: "Attributes.KmsMasterKeyId",
          maxMessageSize: "Attributes.MaximumMessageSize",
          messageRetentionSeconds: "Attributes.MessageRetentionPeriod",
          receiveWaitTimeSeconds: "Attributes.ReceiveMessageWaitTimeSeconds",
          visibilityTimeoutSeconds: "Attributes.VisibilityTimeout",
        },
      }),
    ],
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    calls: [sqs("SetQueueAttributes", { members: { policy: "Attributes.Policy" } })],
  },
  "aws:sqs/redrivePolicy:RedrivePolicy": {
    calls: [sqs("SetQueueAttributes", { members: { redrivePolicy: "Attributes.RedrivePolicy" } })],
  },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {
    calls: [sqs("SetQueueAttributes", { members: { redriveAllowPolicy: "Attributes.RedriveAllowPolicy" } })],
  },
};
