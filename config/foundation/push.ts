import { z } from "zod";
import { list, pattern } from "../values";

/** The GitHub repositories and branches whose workflows may assume the foundation's roles and push images. */

/**
 * A repository, with its ids or without. Source: GitHub, "OpenID Connect reference": the subject of a token is
 * `repo:<owner>/<name>:environment:<name>` for a job with an environment, and `…:ref:refs/heads/<branch>` for one
 * without. Since July 15, 2026 that of a new, renamed or transferred repository is
 * `repo:<owner>@<id>/<name>@<id>:…`: with the name alone, its workflows can't assume a role.
 */
export const repository = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?(?:@\d{1,20}\/[\w.-]{1,100}@\d{1,20}|\/[\w.-]{1,100})$/,
  "owner@id/name@id of one GitHub repository, or owner/name of one that has not been created, renamed or transferred since July 15, 2026, in full: a wildcard would admit other repositories and forks",
);

export const roleName = pattern(
  /^[\w+=,.@-]{1,64}$/,
  "the name of an IAM role: 1 to 64 letters, digits and +=,.@-_",
);

export const push = z
  .strictObject({
    role: roleName.describe("Role that `.github/workflows/image.yml` pushes images as."),
    repositories: list(repository, "a list of repositories", { min: 1, max: 50 }).describe(
      "GitHub repositories, written as `repository` is, whose branch `main` may push images through that workflow.",
    ),
  })
  .describe("Role as which GitHub Actions pushes the systems' images. Default: none.");
