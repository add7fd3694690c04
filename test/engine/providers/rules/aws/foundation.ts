import { refuse, type Rules } from "../../rule";
import type { Values } from "../../wire";
import { oneOf } from "./checks";

/** Registries that let nobody pull through a cache without a login. Source: ECR user guide, pull through cache rules. */
const withLogin = ["registry-1.docker.io", "ghcr.io"];

const login = ({ upstreamRegistryUrl, credentialArn }: Values) =>
  withLogin.includes(String(upstreamRegistryUrl)) === (credentialArn !== undefined)
    ? []
    : [refuse("credentialArn", `${String(upstreamRegistryUrl)} needs a login, or takes none`)];

/** What an account has once: identity providers, the registry's own settings, what watches the account. */
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
    replace: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
    outputs: { registryId: "{account}" },
    check: login,
  },
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
    id: "{prefix}",
    replace: ["prefix"],
    outputs: { registryId: "{account}" },
    documents: ["lifecyclePolicy", "repositoryPolicy"],
    unordered: ["appliedFors"],
    check: oneOf({ appliedFors: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION"] }),
  },
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": {
    id: "{account}",
    outputs: { registryId: "{account}" },
  },
};
