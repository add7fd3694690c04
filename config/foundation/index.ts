import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { withoutConsequences } from "../checks/consequences";
import { account, alarms, protect, tags } from "../environment";
import { ConfigError, type Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { accountCosts, audit, detectors } from "./audit";
import { images, registryFaults } from "./images";
import { push, repository, roleName } from "./push";
import { givenFoundation, valuesIn, type GivenFoundation } from "../reading/given";
import { readKeys } from "../reading/keys";
import { withLines, type StackFiles } from "../reading/lines";
import { awsRegion, choice, domain, integer, list, pattern } from "../values";

/** The configuration of the foundation: resources that exist once in an account, before its first environment. */

/** Prefix of the foundation's physical names. Its bucket's is the longest: 63 characters with the account's id. */
const prefix = pattern(/^[a-z](?!.*--)[a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 characters: a-z, 0-9 and single -");

const branch = pattern(
  /^(?!refs\/)[A-Za-z0-9](?!.*\.\.)[\w./-]{0,253}$/,
  "the whole name of a branch, without refs/heads/: a wildcard would admit anyone who can push a branch",
);

const tagName = pattern(
  /^(?!refs\/)[A-Za-z0-9](?!.*\.\.)[\w./-]{0,253}\*?$/,
  "a tag, without refs/tags/: its whole name, or how it begins and *",
);

const environmentName = pattern(
  /^[a-z][a-z0-9-]{0,62}$/,
  "the name of a stack and of its GitHub environment",
);

const accessLogDays = integer(30, 3650, "days")
  .default(365)
  .describe("Retention of the buckets' access logs in days. Default: 365.");

const pipeline = z.strictObject({
  deployRole: roleName.describe(
    "Role that `pulumi up` runs as: the first admin of the environment's `plinth:cluster.access`.",
  ),
  previewRole: roleName.describe("Role that reads the environment's state for a preview."),
  branches: list(branch, "a list of branches", { min: 1, max: 10 }).describe(
    "Branches that may deploy, by their whole names.",
  ),
  releaseTags: list(tagName, "a list of tags", { max: 10 })
    .default([])
    .describe(
      "Tags that may deploy, as a published release does in the name of its tag: whole names, or how they begin and `*`, such as `v*`. Let nobody else create them, by a ruleset of the repository. Default: none.",
    ),
  previewBranches: list(branch, "a list of branches", { max: 10 })
    .default(["main"])
    .describe(
      "Branches whose jobs preview without the GitHub environment `<environment>-preview`, as the nightly check does.",
    ),
});

const pipelines = z
  .strictObject({
    repository: repository.describe(
      "The GitHub repository whose workflows assume the roles, with the ids that never change: `owner@id/name@id`, as `gh api repos/<owner>/<name> --jq '\"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)\"'` prints it. `owner/name` is enough for a repository that has not been created, renamed or transferred since July 15, 2026.",
    ),
    provider: choice(["create", "exists"])
      .default("create")
      .describe(
        "`exists` where the account has GitHub's identity provider already: it can be there once (`aws iam list-open-id-connect-providers`), and its audiences must include sts.amazonaws.com. Default: create.",
      ),
    environments: z
      .record(environmentName, pipeline.describe("The roles of one environment."), {
        error: (issue) =>
          issue.code === "invalid_key"
            ? 'the name of a stack, lower case, such as "dev", as the key'
            : "roles by environment",
      })
      .describe("Roles of each environment in this account, by the stack's name."),
    push: push.optional(),
  })
  .describe("The roles that GitHub Actions workflows assume.");

const zones = z
  .record(
    domain,
    z.union(
      [z.literal("create"), pattern(/^Z[A-Z0-9]{8,31}$/, "`create`, or the id of an existing hosted zone")],
      {
        error: "`create`, or the id of an existing hosted zone",
      },
    ),
    { error: "`create` or a hosted zone's id by domain" },
  )
  .default({})
  .describe("Hosted zones by domain: `create`, or the id of an existing one. Default: none.");

const secondRegion = awsRegion
  .optional()
  .describe(
    "Region of the environments' `plinth:standby`, which the deploy roles may use in addition to `account.region`, and which Pulumi's states are copied to. Default: none.",
  );

/** The schema of every top-level key of a foundation's stack file, without the project's prefix. */
export const foundationSchemas = {
  account: account.omit({ quotas: true }),
  secondRegion,
  prefix,
  tags,
  protect,
  // Other receivers need Alertmanager, and so a cluster.
  alarms: alarms.pick({ emails: true }),
  accessLogDays,
  pipelines,
  images,
  zones,
  audit,
  detectors,
  costs: accountCosts,
};

type Schemas = typeof foundationSchemas;

/** The foundation of one account, as its stack file describes it. */
export type FoundationSettings = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> } & {
  readonly project: string;
  readonly stack: string;
};

export type PipelineSettings = FoundationSettings["pipelines"];
export type AuditSettings = NonNullable<FoundationSettings["audit"]>;
export type AccountCostSettings = NonNullable<FoundationSettings["costs"]>;
export type DetectorSettings = NonNullable<FoundationSettings["detectors"]>;
export type RecorderSettings = NonNullable<DetectorSettings["config"]>;
export type ImageSettings = FoundationSettings["images"];

/** A foundation's stack file, from the repository's root, where the commands start. */
const fileOf = (stack: string): string => `foundation/Pulumi.${stack}.yaml`;

/**
 * Reads a foundation's whole configuration. Throws a `ConfigError` that lists every fault.
 *
 * @param files The foundation's stack files: this one gives faults their lines, the others are compared with it.
 */
export function loadFoundation(files: StackFiles = {}): FoundationSettings {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { raw, accepted, faults } = readKeys(project, foundationSchemas);
  const file = givenFoundation(raw);
  const across = [
    ...regionFaults(project, file),
    ...roleFaults(project, file),
    ...registryFaults(project, file),
    ...monitorFaults(project, file),
    ...betweenFaults(project, stack, file, files),
  ];
  faults.push(...withoutConsequences(project, raw, across, faults));
  if (faults.length > 0) throw new ConfigError(fileOf(stack), withLines(files[stack], faults));
  return { project, stack, ...accepted } as FoundationSettings;
}

function regionFaults(
  project: string,
  { secondRegion: second, account: { region } }: GivenFoundation,
): Fault[] {
  return second !== undefined && second === region
    ? [
        {
          path: `${project}:secondRegion`,
          found: show(second),
          expected: `another region than ${project}:account.region`,
        },
      ]
    : [];
}

/** A monitor of costs is its account's. */
function monitorFaults(project: string, { account: { id }, costs }: GivenFoundation): Fault[] {
  const { monitor } = costs.anomalies;
  const owner = monitor?.split(":")[4];
  return id === undefined || owner === undefined || owner === id
    ? []
    : [
        {
          path: `${project}:costs.anomalies.monitor`,
          found: show(monitor),
          expected: `\`create\`, or a monitor of the foundation's account, ${id} (${project}:account.id)`,
        },
      ];
}

/** Each purpose needs a role of its own: otherwise whoever may deploy one environment could deploy the other. */
function roleFaults(project: string, { pipelines: { environments, push } }: GivenFoundation): Fault[] {
  const seen = new Map<string, string>();
  const roles = Object.entries(environments).flatMap(([name, own]) =>
    (["deployRole", "previewRole"] as const).map((key) => [`environments.${name}.${key}`, own[key]] as const),
  );
  return [...roles, ["push.role", push.role] as const].flatMap(([key, role]): Fault[] => {
    if (role === undefined) return [];
    const path = `${project}:pipelines.${key}`;
    const first = seen.get(role);
    seen.set(role, first ?? path);
    return first === undefined
      ? []
      : [{ path, found: show(role), expected: `a role of its own: ${first} has it` }];
  });
}

/** Two foundations in one account: its identity provider, trail and detectors would exist twice. */
function betweenFaults(
  project: string,
  stack: string,
  { account: { id } }: GivenFoundation,
  files: StackFiles,
): Fault[] {
  return Object.entries(files).flatMap(([other, text]): Fault[] => {
    if (other === stack || id === undefined) return [];
    return id === givenFoundation(valuesIn(project, text)).account.id
      ? [
          {
            path: `${project}:account.id`,
            found: show(id),
            expected: `an account of its own: ${fileOf(other)} is the foundation of this one`,
            remedy: "put all environments of the account into one foundation",
          },
        ]
      : [];
  });
}
