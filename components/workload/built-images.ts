import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { buildOf, type BuildSettings, type WorkloadSettings } from "../../config";
import { Component } from "../base/component";

/** Images by name: plain if the registry has it, otherwise known once it is built. */
export type References = Readonly<Record<string, pulumi.Input<string>>>;

export interface BuildsArgs {
  /** Settings of the system's workloads, by key. */
  readonly workloads: Readonly<Record<string, WorkloadSettings>>;
  /** Name of an image with its registry. */
  readonly reference: (image: string) => string;
  /** Platform of the images: the CPU architecture of the cluster's nodes. */
  readonly architecture: "amd64" | "arm64";
}

/** Whether any image of a system has to be built. */
export const builds = (workloads: BuildsArgs["workloads"]): boolean =>
  Object.values(workloads).some(({ build }) => build !== undefined);

/**
 * The images of a system that are built here and pushed under their names. Nothing in it waits for the cluster. The
 * builder is Docker on the machine that runs Pulumi, which logs in to the registry with its own credential helper, so
 * the state contains no password.
 */
export class Images extends Component {
  /** Image with the digest that the registry returned, by the image's name. */
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
          // Lets later builds use the image as cache.
          args: { ...args, BUILDKIT_INLINE_CACHE: "1" },
          cacheFrom: { images: cacheFrom.map(this.args.reference) },
          builderVersion: "BuilderBuildKit",
          platform: `linux/${this.args.architecture}`,
        },
        // A preview needs no Docker.
        buildOnPreview: false,
      },
      { ...this.inside, provider },
    );
  }
}
