import { refuse, type Rules } from "../../rule";
import type { Values } from "../../wire";
import { oneOf } from "./checks";

/** Registries whose pull-through caches need a login. Source: ECR user guide, pull through cache rules. */
const withLogin = ["registry-1.docker.io", "ghcr.io"];

const login = ({ upstreamRegistryUrl, credentialArn }: Values) =>
  withLogin.includes(String(upstreamRegistryUrl)) === (credentialArn !== undefined)
    ? []
    : [refuse("credentialArn", `${String(upstreamRegistryUrl)} needs a login, or takes none`)];

/** Resources that an account has once: identity providers, registry settings, detectors. */
export const foundationRules: Rules = {
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    id: "arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com",
    arn: "{id}",
    replace: ["url"],
    outputs: { thumbprintLists: [] },
    unordered: ["clientIdLists"],
    held: true,
  },
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": {
    id: "{ecrRepositoryPrefix}",
    regional: true,
    replace: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
    outputs: { registryId: "{account}" },
    check: login,
  },
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
    id: "{prefix}",
    regional: true,
    replace: ["prefix"],
    outputs: { registryId: "{account}" },
    documents: ["lifecyclePolicy", "repositoryPolicy"],
    unordered: ["appliedFors"],
    check: oneOf({ appliedFors: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION"] }),
  },
  "aws:cloudtrail/trail:Trail": {
    id: "arn:aws:cloudtrail:{region}:{account}:trail/{name}",
    arn: "{id}",
    name: { property: "name", min: 3, max: 128, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name"],
    defaults: { enableLogging: true, includeGlobalServiceEvents: true },
    outputs: { homeRegion: "{region}" },
    refs: { s3BucketName: "aws:s3/bucket:Bucket" },
    // Buckets whose objects are excluded; the objects aren't resources.
    free: ["advancedEventSelectors"],
  },
  "aws:athena/workgroup:Workgroup": {
    id: "{name}",
    arn: "arn:aws:athena:{region}:{account}:workgroup/{name}",
    name: { property: "name", max: 128, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name"],
    defaults: { state: "ENABLED", forceDestroy: false },
    held: true,
  },
  "aws:athena/namedQuery:NamedQuery": {
    id: "{uuid}",
    name: { property: "name", max: 128 },
    replace: ["database", "description", "name", "query", "workgroup"],
    refs: { workgroup: "aws:athena/workgroup:Workgroup" },
  },
  "aws:accessanalyzer/analyzer:Analyzer": {
    id: "{analyzerName}",
    arn: "arn:aws:access-analyzer:{region}:{account}:analyzer/{analyzerName}",
    replace: ["analyzerName", "configuration", "type"],
    defaults: { type: "ACCOUNT" },
  },
  "aws:guardduty/detector:Detector": {
    id: "{hex32}",
    arn: "arn:aws:guardduty:{region}:{account}:detector/{id}",
    defaults: { enable: true },
    held: true,
  },
  "aws:guardduty/detectorFeature:DetectorFeature": {
    id: "{detectorId}/{name}",
    replace: ["detectorId", "name"],
    refs: { detectorId: "aws:guardduty/detector:Detector" },
  },
  "aws:securityhub/account:Account": {
    id: "{account}",
    regional: true,
    arn: "arn:aws:securityhub:{region}:{account}:hub/default",
    defaults: { autoEnableControls: true },
  },
  "aws:securityhub/standardsSubscription:StandardsSubscription": {
    id: "{standardsArn}/{account}",
    replace: ["standardsArn"],
    free: ["standardsArn"],
  },
  "aws:inspector2/enabler:Enabler": {
    id: "{hex16}",
    unordered: ["accountIds", "resourceTypes"],
  },
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": {
    id: "{account}",
    outputs: { registryId: "{account}" },
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    id: "arn:aws:ce::{account}:anomalymonitor/{uuid}",
    arn: "{id}",
    name: { property: "name", max: 1024 },
    replace: ["monitorDimension", "monitorSpecification", "monitorType"],
    held: true,
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    id: "arn:aws:ce::{account}:anomalysubscription/{uuid}",
    arn: "{id}",
    name: { property: "name", max: 1024 },
    replace: ["accountId", "name"],
    unordered: ["subscribers"],
    refs: { monitorArnLists: "aws:costexplorer/anomalyMonitor:AnomalyMonitor" },
  },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": {
    id: "{tagKey}",
    outputs: { type: "UserDefined" },
  },
};
