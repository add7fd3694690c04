import { join } from "node:path";
import { z } from "zod";
import { contextDigest, isFile, isFolder } from "./build-context";
import { show } from "../reading/explain";
import { image, list, pattern, text } from "../values";

/** Relative, since a stack file is used on several machines. */
const path = pattern(/^[\w.-]+(\/[\w.-]+)*$/, 'a path from the project\'s folder, such as "../ams/backend"');
const word = /^[A-Za-z_]\w*$/;

/**
 * How an image is built that isn't in the registry yet. It is pushed with the name and tag of the workload's `image`,
 * and pods run the digest that the registry returns.
 */
export const build = z
  .strictObject({
    context: path.describe("Build context."),
    dockerfile: path.optional().describe("Default: `Dockerfile` in the context."),
    target: pattern(/^[\w.-]+$/, "the name of a stage")
      .optional()
      .describe("Stage of a Dockerfile with several. Default: the last."),
    args: z
      .record(pattern(word, "the name of a variable", 128), text("a value"))
      .default({})
      .describe("Build arguments. They are visible in the image: no secrets."),
    cacheFrom: list(image, "a list of images")
      .default([])
      .describe("Images whose layers are used as build cache."),
  })
  .transform((value, context) => {
    const dockerfile = value.dockerfile ?? join(value.context, "Dockerfile");
    const fault = (key: string, message: string) => {
      context.addIssue({ code: "custom", path: [key], message });
      return z.NEVER;
    };
    if (!isFolder(value.context)) return fault("context", "an existing folder, relative to the project's");
    if (!isFile(dockerfile))
      return fault(
        value.dockerfile === undefined ? "context" : "dockerfile",
        `an existing Dockerfile: there is no ${dockerfile}`,
      );
    const digest = contextDigest(value.context, dockerfile, [value.target, value.args]);
    return { ...value, dockerfile, digest };
  });

/** A build with the digest of its sources: `digest` changes with any of it. */
export type BuildSettings = z.output<typeof build>;

interface Built {
  readonly image: string;
  readonly build?: BuildSettings | undefined;
}

/** Workloads that share an image share its build, and an image with a digest is already built. */
export function buildFaults(
  workloads: Readonly<Record<string, Built | undefined>>,
): { path: string[]; message: string }[] {
  const first = new Map<string, { key: string; build: BuildSettings }>();
  return Object.entries(workloads).flatMap(([key, workload]) => {
    if (workload?.build === undefined) return [];
    const { image: name, build: own } = workload;
    if (name.includes("@"))
      return [
        {
          path: ["workloads", key, "image"],
          message: "a name and a tag: an image that is built here has no digest yet",
        },
      ];
    const other = first.get(name);
    if (other === undefined) first.set(name, { key, build: own });
    if (other === undefined || JSON.stringify(other.build) === JSON.stringify(own)) return [];
    const message = `the same build as ${other.key}, which also builds ${show(name)}; or no build here`;
    return [{ path: ["workloads", key, "build"], message }];
  });
}

/** The build of a workload's image: its own, or that of another workload with the same image. */
export const buildOf = (
  workloads: Readonly<Record<string, Built>>,
  image: string,
): BuildSettings | undefined =>
  Object.values(workloads).find((each) => each.image === image && each.build !== undefined)?.build;
