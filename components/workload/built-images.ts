import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { buildOf, type BuildSettings, type WorkloadSettings } from "../../config";
import { Component } from "../base/component";

/** What a workload runs: plain where the registry has it, else known once it is built. */
export type References = Readonly<Record<string, pulumi.Input<string>>>;

export interface BuildsArgs {
  /** Amounts of the system's workloads, by key. */
  readonly workloads: Readonly<Record<string, WorkloadSettings>>;
  /** Name of an image with its registry. */
  readonly reference: (image: string) => string;
  /** Processors of the cluster's nodes: what an image is built for. */
  readonly architecture: "amd64" | "arm64";
}

/** Whether any image of a system is still to be built. */
export const builds = (workloads: BuildsArgs["workloads"]): boolean =>
  Object.values(workloads).some(({ build }) => build !== undefined);

/**
 * The images of a system that are built here, and pushed under their names. Give it AWS's surroundings alone: nothing
 * in it waits for the cluster. The builder is Docker on the machine that runs Pulumi, which logs in to the registry by
 * its own credential helper, so no password stands in the state.
 */
export class Images extends Component {
  /** The digest that the registry answered, by the image's name. */
  readonly references: References;

  constructor(
    name: string,
    private readonly args: BuildsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:release:Images", name, opts);
    const provider = new docker.Provider(this.child("docker"), {}, this.inside);
    const references: Record<string, pulumi.Input<string>> = {};
    for (const [key, { image }] of Object.entries(args.workloads)) {
      const build = buildOf(args.workloads, image);
      if (build !== undefined && references[image] === undefined)
        references[image] = this.image(key, image, build, provider).repoDigest;
    }
    this.references = references;
    this.registerOutputs();
  }

  private image(key: string, image: string, build: BuildSettings, provider: docker.Provider): docker.Image {
    const { context, dockerfile, target, args, cacheFrom } = build;
    return new docker.Image(
      this.child(key),
      {
        imageName: this.args.reference(image),
        build: {
          context,
          dockerfile,
          ...(target === undefined ? {} : { target }),
          // With it an image can be another's cache.
          args: { ...args, BUILDKIT_INLINE_CACHE: "1" },
          cacheFrom: { images: cacheFrom.map(this.args.reference) },
          builderVersion: "BuilderBuildKit",
          platform: `linux/${this.args.architecture}`,
        },
        // Who only looks needs no Docker.
        buildOnPreview: false,
      },
      { ...this.inside, provider },
    );
  }
}
