import { listedTags, sample, scenario, unknown, volumeTags } from "../scenario";

const costTags = { Project: "plinth", Environment: "dev", Owner: "x", CostCenter: "1" };

export const cost = [
  scenario(
    "cost allocation tags",
    {
      aws: sample("pulumi:providers:aws", {
        region: "ap-northeast-2",
        ...({
          allowedAccountIds: JSON.stringify(["111122223333"]),
          defaultTags: JSON.stringify({ tags: costTags }),
        } as object),
      }),
      nodes: sample("kubernetes:eks.amazonaws.com/v1:NodeClass", {
        spec: {
          role: unknown,
          subnetSelectorTerms: [{ id: unknown }],
          securityGroupSelectorTerms: [{ id: unknown }],
          ephemeralStorage: { kmsKeyID: unknown },
          networkPolicy: "DefaultAllow",
          networkPolicyEventLogs: "Enabled",
          tags: { ...costTags },
        } as object,
      }),
      loadBalancer: sample("kubernetes:eks.amazonaws.com/v1:IngressClassParams", {
        spec: { tags: listedTags } as object,
      }),
      volumes: sample("kubernetes:storage.k8s.io/v1:StorageClass", {
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { encrypted: "true", kmsKeyId: unknown, ...volumeTags },
      }),
      // Its volumes are directories of a file system, which has the provider's tags.
      files: sample("kubernetes:storage.k8s.io/v1:StorageClass", { provisioner: "efs.csi.aws.com" }),
      group: sample("aws:rds/subnetGroup:SubnetGroup" as "aws:sqs/queue:Queue", {
        tags: { Name: "plinth-dev", ...costTags },
      }),
    },
    [
      [
        "k8s-cost-tags",
        ({ nodes }) => delete (nodes.props.spec as { tags: Record<string, string> }).tags.Owner,
      ],
      ["k8s-cost-tags", ({ nodes }) => delete (nodes.props.spec as { tags?: object }).tags],
      ["k8s-cost-tags", ({ loadBalancer }) => (loadBalancer.props.spec as { tags: object[] }).tags.pop()],
      ["k8s-cost-tags", ({ volumes }) => delete volumes.props.parameters?.tagSpecification_1],
      ["aws-cost-tags-inherited", ({ group }) => (group.props.tags = { Environment: "prod" })],
      ["aws-cost-tags-inherited", ({ group }) => (group.props.tags = { ...costTags, costcenter: "1" })],
    ],
  ),
];
