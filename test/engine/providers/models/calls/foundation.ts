import { callsOf, type Mappings } from "../call";

const iam = callsOf("iam");
const ecr = callsOf("ecr");
const cloudtrail = callsOf("cloudtrail");
const athena = callsOf("athena");
const analyzer = callsOf("accessanalyzer");
const guardduty = callsOf("guardduty");
const securityhub = callsOf("securityhub");
const inspector = callsOf("inspector2");
const ce = callsOf("ce");

/** Types that only the foundation registers. */
export const foundationCalls: Mappings = {
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    calls: [iam("CreateOpenIDConnectProvider", { members: { clientIdLists: "ClientIDList" } })],
  },
  "aws:ecr/repository:Repository": {
    calls: [
      ecr("CreateRepository", {
        members: { name: "repositoryName", encryptionConfigurations: "encryptionConfiguration" },
      }),
    ],
    elsewhere: { forceDelete: "what the provider does before it deletes" },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    calls: [
      ecr("PutLifecyclePolicy", {
        members: { repository: "repositoryName", policy: "lifecyclePolicyText" },
      }),
    ],
  },
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": { calls: [ecr("CreatePullThroughCacheRule")] },
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
    calls: [
      ecr("CreateRepositoryCreationTemplate", {
        members: { appliedFors: "appliedFor", encryptionConfigurations: "encryptionConfiguration" },
      }),
    ],
  },
  "aws:cloudtrail/trail:Trail": {
    calls: [
      cloudtrail("CreateTrail"),
      cloudtrail("PutEventSelectors", {
        only: ["advancedEventSelectors"],
        members: {
          "advancedEventSelectors.fieldSelectors.notStartsWiths": "NotStartsWith",
          "advancedEventSelectors.fieldSelectors.equals": "Equals",
        },
        supplied: ["TrailName"],
      }),
    ],
  },
  "aws:athena/workgroup:Workgroup": {
    calls: [
      athena("CreateWorkGroup", {
        members: {
          "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn": "KmsKey",
        },
      }),
    ],
  },
  "aws:athena/namedQuery:NamedQuery": {
    calls: [athena("CreateNamedQuery", { members: { query: "QueryString", workgroup: "WorkGroup" } })],
  },
  "aws:accessanalyzer/analyzer:Analyzer": { calls: [analyzer("CreateAnalyzer")] },
  "aws:guardduty/detector:Detector": { calls: [guardduty("CreateDetector")] },
  "aws:guardduty/detectorFeature:DetectorFeature": {
    calls: [
      guardduty("UpdateDetector", {
        members: {
          name: "Features.Name",
          status: "Features.Status",
          additionalConfigurations: "Features.AdditionalConfiguration",
        },
      }),
    ],
  },
  "aws:securityhub/account:Account": { calls: [securityhub("EnableSecurityHub")] },
  "aws:securityhub/standardsSubscription:StandardsSubscription": {
    calls: [
      securityhub("BatchEnableStandards", {
        members: { standardsArn: "StandardsSubscriptionRequests.StandardsArn" },
      }),
    ],
  },
  "aws:inspector2/enabler:Enabler": { calls: [inspector("Enable")] },
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": {
    calls: [ecr("PutReplicationConfiguration")],
  },
  "aws:s3/bucketNotification:BucketNotification": {
    calls: [
      callsOf("s3")("PutBucketNotificationConfiguration", {
        members: {
          queues: "NotificationConfiguration.QueueConfigurations",
          "queues.filterPrefix": "Filter.Key.FilterRules.Value",
        },
        supplied: ["NotificationConfiguration.QueueConfigurations.Filter.Key.FilterRules.Name"],
      }),
    ],
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    calls: [
      ce("CreateAnomalyMonitor", {
        members: {
          name: "AnomalyMonitor.MonitorName",
          monitorType: "AnomalyMonitor.MonitorType",
          monitorDimension: "AnomalyMonitor.MonitorDimension",
        },
      }),
    ],
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    calls: [
      ce("CreateAnomalySubscription", {
        members: {
          name: "AnomalySubscription.SubscriptionName",
          monitorArnLists: "AnomalySubscription.MonitorArnList",
          frequency: "AnomalySubscription.Frequency",
          subscribers: "AnomalySubscription.Subscribers",
          thresholdExpression: "AnomalySubscription.ThresholdExpression",
          "thresholdExpression.dimension": "Dimensions",
        },
      }),
    ],
  },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": {
    calls: [
      ce("UpdateCostAllocationTagsStatus", {
        members: {
          tagKey: "CostAllocationTagsStatus.TagKey",
          status: "CostAllocationTagsStatus.Status",
        },
      }),
    ],
  },
};
