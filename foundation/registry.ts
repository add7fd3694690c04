import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import { kmsKey } from "../components/security/keys";
import { cachedRegistries, type ImageSettings } from "../config";
import type { StateCopyArgs } from "./state-copy";

type SecondRegion = StateCopyArgs["second"];

export interface RegistryArgs {
  readonly context: Context;
  readonly settings: ImageSettings;
  /** The second region, whose nodes pull there. Default: none. */
  readonly second?: SecondRegion | undefined;
}

/** Days after which an untagged image expires: from an incomplete push, or replaced in a cache. */
const untaggedDays = 14;

/** Days after its last push at which a cached image expires. The next pull caches it again. */
const cachedDays = 180;

/**
 * Rules of a lifecycle policy. ECR requires the rule for `any` tag to be last. Source: ECR user guide, lifecycle policy
 * properties.
 */
const lifecycle = (newest: object) => ({
  rules: [
    {
      rulePriority: 1,
      description: `Expire untagged images after ${untaggedDays} days`,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: untaggedDays,
      },
      action: { type: "expire" },
    },
    { rulePriority: 2, selection: { tagStatus: "any", ...newest }, action: { type: "expire" } },
  ],
});

/** The account's registry: repositories of the systems' own images, and caches of public registries. */
export class Registry extends Component {
  /** `plinth:registry`. */
  readonly address: string;
  /** `plinth:imageMirrors`: address and prefix of each cache by the registry that it mirrors. */
  readonly mirrors: Readonly<Record<string, string>>;

  constructor(
    name: string,
    private readonly args: RegistryArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Registry", name, opts);
    const { context, settings, second } = args;
    this.address = `${context.accountId}.dkr.ecr.${context.region}.amazonaws.com`;
    const keyArn = kmsKey(this, "images", {
      context,
      description: "ECR repositories of the systems' images",
      kept: true,
    });
    for (const repository of settings.repositories) this.repository(repository, keyArn);
    this.replication();
    this.mirrors = Object.fromEntries(
      Object.entries(settings.caches).map(([registry, cache]) => {
        this.cache(registry as keyof typeof cachedRegistries, cache);
        if (second !== undefined) this.cache(registry as keyof typeof cachedRegistries, cache, second);
        return [registry, `${this.address}/${cache.prefix}`];
      }),
    );
    this.registerOutputs();
  }

  private repository(repository: string, kmsKey: pulumi.Output<string>): void {
    const { context, settings } = this.args;
    const made = new aws.ecr.Repository(
      this.child(repository),
      {
        name: repository,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }],
        forceDelete: false,
      },
      { ...this.inside, protect: context.protect, retainOnDelete: true },
    );
    new aws.ecr.LifecyclePolicy(
      this.child(repository, "lifecycle"),
      {
        repository: made.name,
        policy: JSON.stringify(lifecycle({ countType: "imageCountMoreThan", countNumber: settings.keep })),
      },
      // A repository has only one: deleting the replaced policy last would delete the new one.
      { ...this.inside, deleteBeforeReplace: true },
    );
  }

  /** Replicates the systems' own images to another region. Public images have a cache of their own there. */
  private replication(): void {
    const { context, settings } = this.args;
    if (settings.replicateTo === undefined) return;
    const destinations = [{ region: settings.replicateTo, registryId: context.accountId }];
    const prefixes = [...new Set(settings.repositories.map((name) => name.split("/")[0] ?? name))];
    new aws.ecr.ReplicationConfiguration(
      this.child("replication"),
      {
        replicationConfiguration: {
          rules: [
            {
              destinations,
              repositoryFilters: prefixes.map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
            },
          ],
        },
      },
      this.inside,
    );
  }

  /**
   * A cache of a public registry. The first pull creates a repository by a template, encrypted with S3's keys: a
   * customer managed key needs another role, and the images are public. Tags are mutable, so that ECR can update a tag
   * that moved upstream; Plinth refers to these images by digest.
   *
   * @param second In the second region; the login is a replica of the entry there. Default: in the first.
   */
  private cache(
    registry: keyof typeof cachedRegistries,
    { prefix, login }: NonNullable<ImageSettings["caches"][keyof typeof cachedRegistries]>,
    second?: SecondRegion,
  ): void {
    const elsewhere = second === undefined ? [] : [second.region];
    const options = { ...this.inside, ...(second && { provider: second.provider }) };
    const { region } = this.args.context;
    new aws.ecr.RepositoryCreationTemplate(
      this.child("template", prefix, ...elsewhere),
      {
        prefix,
        description: `Pull through cache of ${registry}`,
        appliedFors: ["PULL_THROUGH_CACHE"],
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        imageTagMutability: "MUTABLE",
        lifecyclePolicy: JSON.stringify(
          lifecycle({ countType: "sinceImagePushed", countUnit: "days", countNumber: cachedDays }),
        ),
      },
      options,
    );
    new aws.ecr.PullThroughCacheRule(
      this.child("cache", prefix, ...elsewhere),
      {
        ecrRepositoryPrefix: prefix,
        upstreamRegistryUrl: cachedRegistries[registry].upstream,
        ...(login === undefined
          ? {}
          : {
              credentialArn: login.replace(`:${region}:`, `:${second?.region ?? region}:`),
            }),
      },
      options,
    );
  }
}
