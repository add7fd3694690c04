import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { z } from "zod";
import { account, alarms, protect, tags } from "./environment";
import { ConfigError, type Fault } from "./errors";
import { show } from "./explain";
import { audit, detectors } from "./foundation-audit";
import { push, repository, roleName } from "./foundation-push";
import { readKeys } from "./keys";
import { withLines, type StackFiles } from "./lines";
import { fields, type Values } from "./raw";
import { awsRegion, choice, domain, integer, list, pattern } from "./values";

/** The configuration of the foundation: what an account has once, before the first environment in it. */

/** Prefix of the foundation's physical names. Its bucket's is the longest: 63 characters with the account's id. */
const prefix = pattern(/^[a-z](?!.*--)[a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 characters: a-z, 0-9 and single -");

const branch = pattern(
  /^[A-Za-z0-9](?!.*\.\.)[\w./-]{0,253}$/,
  "the whole name of a branch: a wildcard would let in everybody who may push a branch",
);

const environmentName = pattern(
  /^[a-z][a-z0-9-]{0,62}$/,
  "the name of a stack and of its GitHub environment",
);

const accessLogDays = integer(30, 3650, "days")
  .default(365)
  .describe("Days that the record of who asked a bucket for what is kept. Default: 365.");

const pipeline = z.strictObject({
  deployRole: roleName.describe(
    "Role that `pulumi up` runs as: the first admin of the environment's `plinth:cluster.access`.",
  ),
  previewRole: roleName.describe("Role that reads the environment's state for a preview."),
  branches: list(branch, "a list of branches", { min: 1, max: 10 }).describe(
    "Branches that may deploy, by their whole names.",
  ),
  previewBranches: list(branch, "a list of branches", { max: 10 })
    .default(["main"])
    .describe(
      "Branches whose jobs preview without the GitHub environment `<environment>-preview`, as the nightly check does.",
    ),
});

const pipelines = z
  .strictObject({
    repository: repository.describe("The GitHub repository, `owner/name`, whose workflows take the roles."),
    environments: z
      .record(environmentName, pipeline.describe("The roles of one environment."), {
        error: "roles by environment",
      })
      .describe("Roles of each environment in this account, by the stack's name."),
    push: push.optional(),
  })
  .describe("The roles that GitHub's workflows take.");

/** Registries that ECR can cache. Docker Hub and GitHub let nobody in without a login. Source: ECR user guide, "Sync an upstream registry". */
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
      "Beginning of the cached repositories' names: what `plinth:imageMirrors` ends in.",
    ),
    login: loginSecret
      .optional()
      .describe(
        "Entry of Secrets Manager with `username` and `accessToken`. Docker Hub and ghcr.io need one, the others take none.",
      ),
  })
  .describe("One pull-through cache.");

const images = z
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
        "Newest images that each repository keeps; an image that runs must be among them. Default: 100.",
      ),
    replicateTo: awsRegion.optional().describe("Region that every image is copied to. Default: none."),
    caches: z
      .partialRecord(choice(Object.keys(cachedRegistries) as [CachedRegistry, ...CachedRegistry[]]), cache, {
        error: `caches by registry: ${Object.keys(cachedRegistries).join(", ")}`,
      })
      .default({})
      .describe("Pull-through caches of public registries. Default: none."),
  })
  .describe("The account's registry: its repositories and caches.");

const zones = z
  .record(
    domain,
    z.union(
      [z.literal("create"), pattern(/^Z[A-Z0-9]{8,31}$/, "`create`, or the id of a hosted zone that exists")],
      {
        error: "`create`, or the id of a hosted zone that exists",
      },
    ),
    { error: "`create` or a hosted zone's id by domain" },
  )
  .default({})
  .describe("Hosted zones by domain: made here, or the id of one that exists. Default: none.");

/** The schema of every top-level key of a foundation's stack file, without the project's prefix. */
export const foundationSchemas = {
  account,
  prefix,
  tags,
  protect,
  alarms,
  accessLogDays,
  pipelines,
  images,
  zones,
  audit,
  detectors,
};

type Schemas = typeof foundationSchemas;

/** The foundation of one account, as its stack file describes it. */
export type FoundationSettings = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> } & {
  readonly project: string;
  readonly stack: string;
};

export type PipelineSettings = FoundationSettings["pipelines"];
export type AuditSettings = NonNullable<FoundationSettings["audit"]>;
export type DetectorSettings = NonNullable<FoundationSettings["detectors"]>;
export type ImageSettings = FoundationSettings["images"];

/**
 * Reads a foundation's whole configuration. Throws a `ConfigError` that lists every fault.
 *
 * @param files The foundation's stack files: this one gives faults their lines, the others are compared with it.
 */
export function loadFoundation(files: StackFiles = {}): FoundationSettings {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { raw, accepted, faults } = readKeys(project, foundationSchemas);
  faults.push(
    ...roleFaults(project, raw),
    ...loginFaults(project, raw),
    ...betweenFaults(project, stack, raw, files),
  );
  if (faults.length > 0) throw new ConfigError(`Pulumi.${stack}.yaml`, withLines(files[stack], faults));
  return { project, stack, ...accepted } as unknown as FoundationSettings;
}

/** No two purposes may share a role: who may deploy one environment could deploy the other. */
function roleFaults(project: string, raw: Values): Fault[] {
  const seen = new Map<unknown, string>();
  const { environments, push } = fields(raw.pipelines);
  const roles = Object.entries(fields(environments)).flatMap(([name, value]) =>
    ["deployRole", "previewRole"].map((key) => [`environments.${name}.${key}`, fields(value)[key]] as const),
  );
  return [...roles, ["push.role", fields(push).role] as const].flatMap(([key, role]): Fault[] => {
    const path = `${project}:pipelines.${key}`;
    const first = seen.get(role);
    seen.set(role, first ?? path);
    return first === undefined || role === undefined
      ? []
      : [{ path, found: show(role), expected: `a role of its own: ${first} has it` }];
  });
}

/** Registries that need a login and have none, and those that take none. */
function loginFaults(project: string, raw: Values): Fault[] {
  return Object.entries(fields(fields(raw.images).caches)).flatMap(([registry, value]): Fault[] => {
    const path = `${project}:images.caches.${registry}.login`;
    const { login } = fields(value);
    const needed = (cachedRegistries as Record<string, { login: boolean }>)[registry]?.login;
    if (needed === true && login === undefined)
      return [
        {
          path,
          found: "nothing",
          expected: `the ARN of a Secrets Manager entry: ${registry} lets nobody in without a login`,
          remedy: "store the login under a name that begins with ecr-pullthroughcache/, and add its ARN",
        },
      ];
    return needed === false && login !== undefined
      ? [{ path, found: show(login), expected: `nothing: ${registry} needs no login`, remedy: "remove it" }]
      : [];
  });
}

/** Two foundations in one account: each of its identity providers, trails and detectors would be there twice. */
function betweenFaults(project: string, stack: string, raw: Values, files: StackFiles): Fault[] {
  const own = fields(raw.account);
  return Object.entries(files).flatMap(([other, text]): Fault[] => {
    if (other === stack) return [];
    const theirs = fields(valuesOf(text)[`${project}:account`]);
    return own.id !== undefined && own.id === theirs.id
      ? [
          {
            path: `${project}:account.id`,
            found: show(own.id),
            expected: `an account of its own: Pulumi.${other}.yaml is the foundation of this one`,
            remedy: "give one foundation all environments of the account",
          },
        ]
      : [];
  });
}

function valuesOf(text: string): Values {
  try {
    return fields(fields(parse(text, { logLevel: "error" })).config);
  } catch {
    return {};
  }
}
