import { z } from "zod";
import { list, pattern } from "../values";

/** The GitHub repositories and branches whose workflows may assume the foundation's roles and push images. */

/**
 * Source: GitHub, "OpenID Connect reference": the subject of a token is `repo:<owner>/<name>:environment:<name>` for a
 * job with an environment, and `repo:<owner>/<name>:ref:refs/heads/<branch>` for one without.
 */
export const repository = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?\/[\w.-]{1,100}$/,
  "owner/name of one GitHub repository, in full: a wildcard would let other repositories and forks in",
);

export const roleName = pattern(
  /^[\w+=,.@-]{1,64}$/,
  "the name of an IAM role: 1 to 64 letters, digits and +=,.@-_",
);

export const push = z
  .strictObject({
    role: roleName.describe("Role that `.github/workflows/image.yml` pushes images as."),
    repositories: list(repository, "a list of repositories", { min: 1, max: 50 }).describe(
      "GitHub repositories, `owner/name`, whose branch `main` may push images through that workflow.",
    ),
  })
  .describe("Role as which GitHub Actions pushes the systems' images. Default: none.");
