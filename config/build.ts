import { join } from "node:path";
import { z } from "zod";
import { contextDigest, isFile, isFolder } from "./build-context";
import { show } from "./explain";
import { image, list, pattern, text } from "./values";

/** Relative, since a stack file is for every machine. */
const path = pattern(/^[\w.-]+(\/[\w.-]+)*$/, 'a path from the project\'s folder, such as "../ams/backend"');
const word = /^[A-Za-z_]\w*$/;

/**
 * How an image is built that isn't in the registry yet: the workload's `image` is the name and tag that it is pushed
 * under, and what runs is the digest that the registry answers.
 */
export const build = z
  .strictObject({
    context: path.describe("Folder that is sent to the builder."),
    dockerfile: path.optional().describe("Default: `Dockerfile` in the context."),
    target: pattern(/^[\w.-]+$/, "the name of a stage")
      .optional()
      .describe("Stage of a Dockerfile with several. Default: the last."),
    args: z
      .record(pattern(word, "the name of a variable", 128), text("a value"))
      .default({})
      .describe("Build arguments. They can be read in the image: nothing secret."),
    cacheFrom: list(image, "a list of images")
      .default([])
      .describe("Images whose layers are used again where they fit."),
  })
  .transform((value, context) => {
    const dockerfile = value.dockerfile ?? join(value.context, "Dockerfile");
    const fault = (key: string, message: string) => {
      context.addIssue({ code: "custom", path: [key], message });
      return z.NEVER;
    };
    if (!isFolder(value.context)) return fault("context", "a folder that exists, from the project's folder");
    if (!isFile(dockerfile))
      return fault(
        value.dockerfile === undefined ? "context" : "dockerfile",
        `a Dockerfile that exists: there is no ${dockerfile}`,
      );
    const digest = contextDigest(value.context, dockerfile, [value.target, value.args]);
    return { ...value, dockerfile, digest };
  });

/** A build with what it is built from: `digest` changes with any of it. */
export type BuildSettings = z.output<typeof build>;

interface Built {
  readonly image: string;
  readonly build?: BuildSettings | undefined;
}

/** Workloads that share an image share its build, and a digest is something that was built before. */
export function buildFaults(
  workloads: Readonly<Record<string, Built | undefined>>,
): { path: string[]; message: string }[] {
  const first = new Map<string, { key: string; build: BuildSettings }>();
  return Object.entries(workloads).flatMap(([key, workload]) => {
    if (workload?.build === undefined) return [];
    const { image: name, build: own } = workload;
    if (name.includes("@"))
      return [
        { path: ["workloads", key, "image"], message: "a name and a tag: what is built has no digest yet" },
      ];
    const other = first.get(name);
    if (other === undefined) first.set(name, { key, build: own });
    if (other === undefined || JSON.stringify(other.build) === JSON.stringify(own)) return [];
    const message = `the build of ${other.key}, which makes ${show(name)} too; or leave it out here`;
    return [{ path: ["workloads", key, "build"], message }];
  });
}

/** The build that makes a workload's image: its own, or that of another workload with the same image. */
export const buildOf = (
  workloads: Readonly<Record<string, Built>>,
  image: string,
): BuildSettings | undefined =>
  Object.values(workloads).find((each) => each.image === image && each.build !== undefined)?.build;
