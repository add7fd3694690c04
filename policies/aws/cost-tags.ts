import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack, onTypes } from "../lib/control";
import { isLater, isRecord, plain, shown } from "../lib/wire";
import { decoded, requiredTags } from "./account";

const url = "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html";

/** Tags of the AWS resources that EKS Auto Mode creates for an object: nodes and disks, load balancers, volumes. */
const madeWith: Readonly<Record<string, (props: Record<string, unknown>) => unknown[] | undefined>> = {
  "kubernetes:eks.amazonaws.com/v1:NodeClass": ({ spec }) =>
    Object.keys(isRecord(spec) && isRecord(spec.tags) ? spec.tags : {}),
  "kubernetes:eks.amazonaws.com/v1:IngressClassParams": ({ spec }) =>
    isRecord(spec) && Array.isArray(spec.tags)
      ? spec.tags.map((tag) => (isRecord(tag) ? tag.key : undefined))
      : [],
  "kubernetes:storage.k8s.io/v1:StorageClass": ({ provisioner, parameters }) =>
    String(provisioner).startsWith("ebs.csi.")
      ? Object.entries(isRecord(parameters) ? parameters : {}).flatMap(([key, value]) =>
          key.startsWith("tagSpecification_") ? [String(value).split("=")[0]] : [],
        )
      : undefined,
};

/** The tags of an AWS provider, as `key=value`. */
function defaultTags({ type, props }: PolicyResource): string[] {
  if (type !== "pulumi:providers:aws") return [];
  const given = (plain(props) as { defaultTags?: unknown }).defaultTags;
  const { tags = {} } = decoded<{ tags?: Record<string, string> }>(given as string | undefined) ?? {};
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`);
}

/** Policies for cost allocation tags: no resource is without them, or has those of another environment. */
export const costTags: Policies = [
  onTypes<object, { requiredTags: string[] }>(
    Object.keys(madeWith),
    {
      name: "k8s-cost-tags",
      description: "Nodes, volumes and load balancers that EKS creates must have the cost allocation tags.",
      severity: "medium",
      remediation:
        "Add the missing keys to spec.tags of the NodeClass or IngressClassParams, or to the tagSpecification_N parameters of the StorageClass.",
      url,
      settings: { requiredTags },
    },
    (resource, { args, settings, report }) => {
      const props = plain(resource);
      const found = isRecord(props) ? madeWith[args.type]?.(props) : undefined;
      if (found === undefined || found.some(isLater)) return;
      const missing = settings.requiredTags.filter((key) => !found.includes(key));
      if (missing.length > 0) report(`the tags are missing ${missing.join(", ")}.`);
    },
  ),
  onStack(
    {
      name: "aws-cost-tags-inherited",
      description: "AWS resources must not override the cost allocation tags.",
      severity: "medium",
      remediation: "Remove the tag from the resource. The provider's defaultTags adds it.",
      url,
      settings: { requiredTags },
    },
    (resources, report, settings) => {
      const inherited = new Set(resources.flatMap(defaultTags));
      if (inherited.size === 0) return;
      const required = new Set(settings.requiredTags.map((key) => key.toLowerCase()));
      for (const { urn, name, type, props } of resources) {
        const { tags } = plain(props) as { tags?: unknown };
        if (!type.startsWith("aws:") || !isRecord(tags)) continue;
        // The tags that a policy receives include those of the provider.
        const own = Object.entries(tags).filter(
          ([key, value]) =>
            required.has(key.toLowerCase()) && !isLater(value) && !inherited.has(`${key}=${String(value)}`),
        );
        if (own.length > 0)
          report(
            `${name} overrides ${own.map(([key, value]) => `${key} with ${shown(value)}`).join(", ")}.`,
            urn,
          );
      }
    },
  ),
];
