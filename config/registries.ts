import { z } from "zod";
import { choice, pattern } from "./values";

/** Address of a registry of images. */
export const registryAddress = pattern(
  /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(\/[a-z0-9._-]+)*$/,
  "a registry's address, without a scheme",
);

/**
 * Mirrors of public registries, by the registry's name: the prefix of a pull-through cache in the account's registry.
 * Without one, images are pulled anonymously over NAT, within the registry's rate limits. Default: none.
 */
export const imageMirrors = z
  .partialRecord(choice(["docker.io"]), registryAddress, {
    error: (issue) =>
      (issue.code as string) === "unrecognized_keys" ? "docker.io" : "prefixes by registry: docker.io",
  })
  .default({});
