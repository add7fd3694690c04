import { z } from "zod";
import { pattern } from "./values";

/** Tags of every resource. Their rules: AWS general reference, "Tag naming limits and requirements", and IAM's. */

/** Tags that the program sets itself, on every resource or on some. IAM ignores their case. */
const own = ["Project", "Environment", "Name"];

/**
 * Keys of this object. A resource can have 50 tags; 10 are reserved for the program's own (`own`) and for those that
 * EKS adds to nodes, volumes and the load balancer.
 */
const mostTags = 40;

/** IAM allows fewer characters in a tag's value than EC2, so values that IAM allows are valid everywhere. */
const value = (what: string) =>
  pattern(
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
    `${what}: 1 to 256 letters, digits, spaces and _ . : / = + - @`,
  );

/** Without "=", which AWS allows, since a StorageClass has the tags of volumes as `key=value`. */
const key = /^[\p{L}\p{N}_.:/+\-@]([\p{L}\p{Z}\p{N}_.:/+\-@]{0,126}[\p{L}\p{N}_.:/+\-@])?$/u;

/** Prefixes that AWS, EKS and Kubernetes reserve for their own tags. */
const reserved = /^(aws:|eks:|kubernetes\.io\/|karpenter\.sh\/|karpenter\.k8s\.aws\/|ebs\.csi\.aws\.com\/)/i;

/** Faults of an additional tag's key. */
function keyFault(name: string, others: readonly string[]): string | undefined {
  const twin = others.find((each) => each !== name && each.toLowerCase() === name.toLowerCase());
  if (reserved.test(name)) return "a key without a prefix that AWS or Kubernetes keeps, such as aws: or eks:";
  if (!key.test(name)) return "a key of 1 to 128 letters, digits, spaces and _ . : / + - @";
  if (own.some((each) => each.toLowerCase() === name.toLowerCase()))
    return "nothing: the program sets this tag itself";
  return twin === undefined ? undefined : `one of ${twin} and ${name}: IAM ignores the case of tag keys`;
}

export const tags = z
  .object({
    Owner: value("the team that is responsible for the environment"),
    CostCenter: value("the cost centre that pays"),
  })
  .catchall(
    value("the tag's value").describe(
      "An additional tag, by its key: at most 128 characters, without the prefix aws:.",
    ),
  )
  .superRefine((all, context) => {
    const names = Object.keys(all);
    const fault = (path: string[], message: string) =>
      context.addIssue({ code: "custom", path, message, continue: false });
    for (const name of names) {
      const wrong = keyFault(name, names);
      if (wrong !== undefined) fault([name], wrong);
    }
    if (names.length > mostTags)
      fault([], `at most ${mostTags} tags: AWS allows 50 on a resource, of which Plinth and EKS need 10`);
  });
