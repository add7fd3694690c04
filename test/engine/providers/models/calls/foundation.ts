import { callsOf, type Mappings } from "../call";

const iam = callsOf("iam");
const ecr = callsOf("ecr");

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
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": {
    calls: [ecr("PutReplicationConfiguration")],
  },
};
