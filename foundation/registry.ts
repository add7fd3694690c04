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

/** Days after which an image without a tag goes: a push that failed halfway, or what a cache has replaced. */
const untaggedDays = 14;

/** Days that a cached image stays after its last push. A pull brings it back from its registry. */
const cachedDays = 180;

/** Rules of a lifecycle. ECR wants the rule for `any` tag last. Source: ECR user guide, lifecycle policy properties. */
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
      // A repository has one: a change replaces it, and deleting the former last would delete the new one.
      { ...this.inside, deleteBeforeReplace: true },
    );
  }

  /** Copies of the systems' own images in another region. The public ones have a cache of their own there. */
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
   * A cache of a public registry. Its repositories are made with the first pull, by a template: with S3's own keys,
   * since a key of ours needs one more role, and what is in them is public. Their tags may move, or ECR could not bring
   * a tag up to date that moved upstream; Plinth names these images by digest.
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
