import { z } from "zod";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { GivenFoundation } from "../reading/given";
import { awsRegion, byName, choice, integer, list, pattern } from "../values";

/** The account's registry: image repositories, and caches of public registries. */

/** Registries that ECR can cache. Docker Hub and GitHub require a login. Source: ECR user guide, "Sync an upstream registry". */
export const cachedRegistries = {
  "docker.io": { upstream: "registry-1.docker.io", login: true },
  "ghcr.io": { upstream: "ghcr.io", login: true },
  "quay.io": { upstream: "quay.io", login: false },
  "registry.k8s.io": { upstream: "registry.k8s.io", login: false },
  "public.ecr.aws": { upstream: "public.ecr.aws", login: false },
} as const;

type CachedRegistry = keyof typeof cachedRegistries;

const cachePrefix = pattern(
  /^[a-z0-9]+([._-][a-z0-9]+)*$/,
  "2 to 30 lower case letters, digits and single ._-",
  30,
);

/** The secret's random ending is part of the ARN. Source: ECR API reference, CreatePullThroughCacheRule, credentialArn. */
const loginSecret = pattern(
  /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/,
  "the ARN of a Secrets Manager entry whose name begins with ecr-pullthroughcache/",
  612,
);

const cache = z
  .strictObject({
    prefix: cachePrefix.describe(
      "Prefix of the cached repositories' names, with which the addresses in `plinth:imageMirrors` end.",
    ),
    login: loginSecret
      .optional()
      .describe(
        "Entry of Secrets Manager with `username` and `accessToken`, replicated to `secondRegion` if there is one. Required for Docker Hub and ghcr.io, and not allowed for the others.",
      ),
  })
  .describe("One pull-through cache.");

export const images = z
  .strictObject({
    repositories: list(
      pattern(
        /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
        "the name of a repository: lower case letters, digits and ._-/",
        256,
      ),
      "a list of repositories",
      { max: 100 },
    ).describe("Repositories of the systems' own images."),
    keep: integer(10, 1000, "images")
      .default(100)
      .describe(
        "Number of newest images that each repository keeps. All running images must be among them. Default: 100.",
      ),
    replicateTo: awsRegion.optional().describe("Region that every image is copied to. Default: none."),
    caches: z
      .partialRecord(choice(Object.keys(cachedRegistries) as [CachedRegistry, ...CachedRegistry[]]), cache, {
        error: byName("caches by registry: ", Object.keys(cachedRegistries)),
      })
      .default({})
      .describe("Pull-through caches of public registries. Default: none."),
  })
  .describe("The account's registry: its repositories and caches.");

/** Conflicts between the values of the registry. */
export const registryFaults = (project: string, file: GivenFoundation): Fault[] => [
  ...loginFaults(project, file),
  ...placeFaults(project, file),
  ...pushFaults(project, file),
];

/** A role that pushes needs repositories: IAM accepts no statement without a resource. */
function pushFaults(
  project: string,
  { pipelines: { push }, images: { repositories } }: GivenFoundation,
): Fault[] {
  return push.role === undefined || repositories.length > 0
    ? []
    : [
        {
          path: `${project}:images.repositories`,
          found: show(repositories),
          expected: `at least one repository, which ${project}:pipelines.push pushes to`,
          remedy: "add the repositories of the systems' images, or remove pipelines.push",
        },
      ];
}

/** Registries that require a login and have none, and registries that don't allow one. */
function loginFaults(project: string, { images: { caches } }: GivenFoundation): Fault[] {
  return Object.entries(caches).flatMap(([registry, { login }]): Fault[] => {
    const path = `${project}:images.caches.${registry}.login`;
    const needed = (cachedRegistries as Record<string, { login: boolean }>)[registry]?.login;
    if (needed === true && login === undefined)
      return [
        {
          path,
          found: "nothing",
          expected: `the ARN of a Secrets Manager entry: ${registry} requires a login`,
          remedy: "store the login under a name that begins with ecr-pullthroughcache/, and add its ARN",
        },
      ];
    return needed === false && login !== undefined
      ? [{ path, found: show(login), expected: `nothing: ${registry} needs no login`, remedy: "remove it" }]
      : [];
  });
}

/**
 * Settings that ECR rejects: a replica in the registry's own region, two caches with one prefix, a login of another
 * account or region.
 */
function placeFaults(
  project: string,
  { account: { id, region }, images: registry }: GivenFoundation,
): Fault[] {
  const { replicateTo, caches } = registry;
  const faults: Fault[] = [];
  if (replicateTo !== undefined && replicateTo === region)
    faults.push({
      path: `${project}:images.replicateTo`,
      found: show(replicateTo),
      expected: `a region other than the account's (${project}:account.region)`,
    });
  const first = new Map<string, string>();
  for (const [name, { prefix: own, login }] of Object.entries(caches)) {
    const path = `${project}:images.caches.${name}`;
    const taken = own === undefined ? undefined : first.get(own);
    if (own !== undefined) first.set(own, taken ?? path);
    if (taken !== undefined)
      faults.push({ path: `${path}.prefix`, found: show(own), expected: `a unique prefix: ${taken} has it` });
    if (login !== undefined && !login.startsWith(`arn:aws:secretsmanager:${String(region)}:${String(id)}:`))
      faults.push({
        path: `${path}.login`,
        found: show(login),
        expected: `an entry in the account and region of the registry: ${String(id)}, ${String(region)} (${project}:account)`,
      });
  }
  return faults;
}
