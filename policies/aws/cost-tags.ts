import type { Policies } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import { isLater, isRecord, plain } from "../lib/wire";
import { requiredTags } from "./account";

const url = "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html";

/** Tags of what EKS Auto Mode makes from an object: nodes and their disks, the load balancer, volumes. */
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

/** Rules for cost-allocation tags: no resource is without them, or has another environment's. */
export const costTags: Policies = [
  onTypes<object, { requiredTags: string[] }>(
    Object.keys(madeWith),
    {
      name: "k8s-cost-tags",
      description: "Nodes, volumes and load balancers that EKS makes have the tags for cost and ownership.",
      severity: "medium",
      remediation: "Add the missing keys to the object's tags.",
      url,
      settings: { requiredTags },
    },
    (resource, { args, settings, report }) => {
      const props = plain(resource);
      const found = isRecord(props) ? madeWith[args.type]?.(props) : undefined;
      if (found === undefined || found.some(isLater)) return;
      const missing = settings.requiredTags.filter((key) => !found.includes(key));
      if (missing.length > 0) report(`The tags lack ${missing.join(", ")}.`);
    },
  ),
  onTypes<object, { requiredTags: string[] }>(
    (type) => type.startsWith("aws:"),
    {
      name: "aws-cost-tags-inherited",
      description: "No resource in AWS has its own value of a tag for cost and ownership.",
      severity: "medium",
      remediation: "Leave the tag out: the provider's defaultTags has it.",
      url,
      settings: { requiredTags },
    },
    (resource, { settings, report }) => {
      const props = plain(resource);
      if (!isRecord(props) || !isRecord(props.tags)) return;
      const required = new Set(settings.requiredTags.map((key) => key.toLowerCase()));
      const own = Object.keys(props.tags).filter((key) => required.has(key.toLowerCase()));
      if (own.length > 0) report(`tags has ${own.join(", ")}.`);
    },
  ),
];
