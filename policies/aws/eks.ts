import type { Policies } from "@pulumi/policy";
import { onType, type Setting } from "../lib/control";
import { each, isGiven, shown } from "../lib/wire";

const cluster = "aws:eks/cluster:Cluster";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";
const anywhere = ["0.0.0.0/0", "::/0"];

const requiredLogTypes: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Control plane log types that every cluster must enable.",
  default: ["audit", "authenticator"],
};

/** EKS clusters: API access, permissions and logs. */
export const eks: Policies = [
  onType(
    cluster,
    {
      name: "eks-secrets-encrypted",
      description: "EKS clusters must encrypt Kubernetes Secrets with a customer managed KMS key.",
      severity: "high",
      remediation:
        'Set encryptionConfig.resources to ["secrets"] and encryptionConfig.provider.keyArn to the ARN of a customer managed KMS key.',
      url: `${guide}/envelope-encryption.html`,
    },
    ({ encryptionConfig }, { report }) => {
      const covered = encryptionConfig?.resources?.includes("secrets");
      if (!covered)
        report(
          `encryptionConfig.resources is ${shown(encryptionConfig?.resources)}; it must contain "secrets".`,
        );
      else if (!isGiven(encryptionConfig?.provider, "keyArn"))
        report("encryptionConfig.provider.keyArn must be set.");
    },
  ),
  onType(
    cluster,
    {
      name: "eks-private-endpoint",
      description: "EKS clusters must enable the private endpoint of the API server.",
      severity: "high",
      remediation: "Set vpcConfig.endpointPrivateAccess to true.",
      url: `${guide}/cluster-endpoint.html`,
    },
    ({ vpcConfig }, { report }) => {
      const found = vpcConfig?.endpointPrivateAccess;
      if (found !== true) report(`vpcConfig.endpointPrivateAccess is ${shown(found)}; it must be true.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-public-endpoint-limited",
      description: "EKS cluster endpoints must not be open to the internet.",
      severity: "critical",
      remediation:
        "Set vpcConfig.endpointPublicAccess to false, or vpcConfig.publicAccessCidrs to known networks.",
      url: `${guide}/cluster-endpoint.html`,
    },
    ({ vpcConfig }, { report }) => {
      if (vpcConfig?.endpointPublicAccess === false) return;
      const cidrs = vpcConfig?.publicAccessCidrs ?? [];
      if (cidrs.length > 0 && !cidrs.some((cidr) => anywhere.includes(cidr))) return;
      report(
        `the public endpoint is enabled and vpcConfig.publicAccessCidrs is ${shown(vpcConfig?.publicAccessCidrs)}; it must list known networks only.`,
      );
    },
  ),
  onType(
    cluster,
    {
      name: "eks-audit-logs",
      description: "EKS clusters must enable audit and authenticator logs.",
      severity: "high",
      remediation: "Add the missing log types to enabledClusterLogTypes.",
      url: `${guide}/control-plane-logs.html`,
      settings: { requiredLogTypes },
    },
    ({ enabledClusterLogTypes }, { settings, report }) => {
      const missing = settings.requiredLogTypes.filter((type) => !enabledClusterLogTypes?.includes(type));
      if (missing.length > 0) report(`enabledClusterLogTypes is missing ${missing.join(", ")}.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-access-by-api",
      description: "EKS clusters must authenticate with access entries only.",
      severity: "high",
      remediation: "Set accessConfig.authenticationMode to API. This change is irreversible.",
      url: `${guide}/access-entries.html`,
    },
    ({ accessConfig }, { report }) => {
      const found = accessConfig?.authenticationMode;
      if (found !== "API") report(`accessConfig.authenticationMode is ${shown(found)}; it must be "API".`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-no-creator-admin",
      description: "EKS clusters must not grant administrator permissions to their creator.",
      severity: "high",
      remediation:
        "Set accessConfig.bootstrapClusterCreatorAdminPermissions to false, and create access entries.",
      url: `${guide}/access-entries.html`,
    },
    ({ accessConfig }, { report }) => {
      const found = accessConfig?.bootstrapClusterCreatorAdminPermissions;
      if (found !== false)
        report(`accessConfig.bootstrapClusterCreatorAdminPermissions is ${shown(found)}; it must be false.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-deletion-protection",
      description: "Deletion protection of EKS clusters must match the resource option `protect`.",
      severity: "high",
      remediation: "Set deletionProtection and the resource option `protect` to the same value.",
      url: `${guide}/delete-cluster.html`,
    },
    ({ deletionProtection }, { args, report }) => {
      const guarded = deletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(
          `deletionProtection is ${guarded} and the option protect is ${args.opts.protect}; they must be equal.`,
        );
      }
    },
  ),
  onType(
    cluster,
    {
      name: "eks-version-pinned",
      description: "EKS clusters must set their Kubernetes version.",
      severity: "medium",
      remediation: 'Set version to a minor version, such as "1.36".',
      url: `${guide}/kubernetes-versions.html`,
    },
    ({ version }, { report }) => {
      if (!/^\d+\.\d+$/.test(version ?? ""))
        report(`version is ${shown(version)}; it must be a minor version, such as "1.36".`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-own-node-pools",
      description: "EKS clusters must not use built-in node pools.",
      severity: "medium",
      remediation:
        "Remove computeConfig.nodePools and computeConfig.nodeRoleArn, and create an access entry of type EC2 for the node role. The stack's own node pools set encryption, tags and limits.",
      url: `${guide}/set-builtin-node-pools.html`,
    },
    ({ computeConfig }, { report }) => {
      const pools = computeConfig?.nodePools ?? [];
      if (pools.length > 0) report(`computeConfig.nodePools is ${shown(pools)}; it must be empty.`);
    },
  ),
  onType(
    "aws:eks/addon:Addon",
    {
      name: "eks-addon-pinned",
      description: "EKS add-ons must set an exact version.",
      severity: "medium",
      remediation: "Set addonVersion to an exact version, such as v1.20.0-eksbuild.1.",
      url: `${guide}/updating-an-add-on.html`,
    },
    ({ addonName, addonVersion }, { report }) =>
      each([addonVersion], (version) => {
        if (!/^v?\d+\.\d+/.test(version ?? ""))
          report(`addonVersion of ${shown(addonName)} is ${shown(version)}; it must be an exact version.`);
      }),
  ),
];
