import { z } from "zod";
import { list, pattern } from "../values";

/** The GitHub repositories and branches whose workflows may assume the foundation's roles and push images. */

/**
 * A repository with its ids. Source: GitHub, "OpenID Connect reference": the subject of a token is
 * `repo:<owner>/<name>:environment:<name>` for a job with an environment, and `…:ref:refs/heads/<branch>` for one
 * without. Since July 15, 2026 that of a new, renamed or moved repository is `repo:<owner>@<id>/<name>@<id>:…`.
 */
export const repository = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?@\d{1,20}\/[\w.-]{1,100}@\d{1,20}$/,
  "owner@id/name@id of one GitHub repository, in full: a wildcard would let other repositories and forks in, and a name without its ids whoever has the name next",
);

export const roleName = pattern(
  /^[\w+=,.@-]{1,64}$/,
  "the name of an IAM role: 1 to 64 letters, digits and +=,.@-_",
);

export const push = z
  .strictObject({
    role: roleName.describe("Role that `.github/workflows/image.yml` pushes images as."),
    repositories: list(repository, "a list of repositories", { min: 1, max: 50 }).describe(
      "GitHub repositories, `owner@id/name@id`, whose branch `main` may push images through that workflow.",
    ),
  })
  .describe("Role as which GitHub Actions pushes the systems' images. Default: none.");
