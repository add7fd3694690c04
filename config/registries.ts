import { z } from "zod";
import { choice, pattern } from "./values";

/** Address of a registry of images. */
export const registryAddress = pattern(
  /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(\/[a-z0-9._-]+)*$/,
  "a registry's address, without a scheme",
);

/** Registries of the third-party images that run here, each of which ECR can cache. */
const publicRegistries = ["docker.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"] as const;

/**
 * Mirrors of public registries, by the registry's name: the prefix of a pull-through cache in the account's registry.
 * Without one, images are pulled anonymously over NAT, within the registry's rate limits. Default: none.
 */
export const imageMirrors = z
  .partialRecord(choice([...publicRegistries]), registryAddress, {
    error: (issue) =>
      (issue.code as string) === "unrecognized_keys"
        ? publicRegistries.join(", ")
        : `prefixes by registry: ${publicRegistries.join(", ")}`,
  })
  .default({});
