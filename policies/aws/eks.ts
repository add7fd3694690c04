import type { Policies } from "@pulumi/policy";
import { onType, type Setting } from "../lib/control";
import { each, isGiven, shown } from "../lib/wire";

const cluster = "aws:eks/cluster:Cluster";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";
const anywhere = ["0.0.0.0/0", "::/0"];

const requiredLogTypes: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Control-plane logs that every cluster must write.",
  default: ["audit", "authenticator"],
};

/** The cluster: API access, permissions, and logs. */
export const eks: Policies = [
  onType(
    cluster,
    {
      name: "eks-secrets-encrypted",
      description: "A cluster's Secrets are encrypted with a customer managed KMS key.",
      severity: "high",
      remediation:
        'Set encryptionConfig to resources ["secrets"] and provider.keyArn to a KMS key of the stack.',
      url: `${guide}/envelope-encryption.html`,
    },
    ({ encryptionConfig }, { report }) => {
      const covered = encryptionConfig?.resources?.includes("secrets");
      if (!covered) report(`encryptionConfig.resources is ${shown(encryptionConfig?.resources)}.`);
      else if (!isGiven(encryptionConfig?.provider, "keyArn"))
        report("encryptionConfig.provider.keyArn is not set.");
    },
  ),
  onType(
    cluster,
    {
      name: "eks-private-endpoint",
      description: "Nodes reach the cluster's API without leaving the VPC.",
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
      description: "The cluster's API is not open to the world.",
      severity: "critical",
      remediation: "Set vpcConfig.endpointPublicAccess to false, or publicAccessCidrs to known addresses.",
      url: `${guide}/cluster-endpoint.html`,
    },
    ({ vpcConfig }, { report }) => {
      if (vpcConfig?.endpointPublicAccess === false) return;
      const cidrs = vpcConfig?.publicAccessCidrs ?? [];
      if (cidrs.length > 0 && !cidrs.some((cidr) => anywhere.includes(cidr))) return;
      report(`the public endpoint is on, publicAccessCidrs is ${shown(vpcConfig?.publicAccessCidrs)}.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-audit-logs",
      description: "The cluster writes audit and authenticator logs.",
      severity: "high",
      remediation: "Add the missing types to enabledClusterLogTypes.",
      url: `${guide}/control-plane-logs.html`,
      settings: { requiredLogTypes },
    },
    ({ enabledClusterLogTypes }, { settings, report }) => {
      const missing = settings.requiredLogTypes.filter((type) => !enabledClusterLogTypes?.includes(type));
      if (missing.length > 0) report(`enabledClusterLogTypes lacks ${missing.join(", ")}.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-access-by-api",
      description: "The cluster authenticates only by access entries.",
      severity: "high",
      remediation: "Set accessConfig.authenticationMode to API; this change is irreversible.",
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
      description: "The creator of the cluster isn't its administrator.",
      severity: "high",
      remediation:
        "Set accessConfig.bootstrapClusterCreatorAdminPermissions to false, and give access entries.",
      url: `${guide}/access-entries.html`,
    },
    ({ accessConfig }, { report }) => {
      const found = accessConfig?.bootstrapClusterCreatorAdminPermissions;
      if (found !== false)
        report(`bootstrapClusterCreatorAdminPermissions is ${shown(found)}; it must be false.`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-deletion-protection",
      description: "A cluster is protected from deletion in Pulumi and in EKS alike, or in neither.",
      severity: "high",
      remediation: "Set deletionProtection and the resource option `protect` from the same switch.",
      url: `${guide}/delete-cluster.html`,
    },
    ({ deletionProtection }, { args, report }) => {
      const guarded = deletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(`deletionProtection is ${guarded} but protect is ${args.opts.protect}; they must agree.`);
      }
    },
  ),
  onType(
    cluster,
    {
      name: "eks-version-pinned",
      description: "A cluster's Kubernetes version is set explicitly.",
      severity: "medium",
      remediation: 'Set version, such as "1.36".',
      url: `${guide}/kubernetes-versions.html`,
    },
    ({ version }, { report }) => {
      if (!/^\d+\.\d+$/.test(version ?? "")) report(`version is ${shown(version)}; it must be like "1.36".`);
    },
  ),
  onType(
    cluster,
    {
      name: "eks-own-node-pools",
      description:
        "Every node comes from the stack's own node pool: encrypted, tagged and within its limits.",
      severity: "medium",
      remediation:
        "Leave computeConfig.nodePools and nodeRoleArn out, and admit the node role by an access entry of type EC2.",
      url: `${guide}/set-builtin-node-pools.html`,
    },
    ({ computeConfig }, { report }) => {
      const pools = computeConfig?.nodePools ?? [];
      if (pools.length > 0)
        report(`computeConfig.nodePools is ${shown(pools)}; no built-in pool is allowed.`);
    },
  ),
  onType(
    "aws:eks/addon:Addon",
    {
      name: "eks-addon-pinned",
      description: "Every add-on has an exact version.",
      severity: "medium",
      remediation: "Set addonVersion, such as v1.20.0-eksbuild.1.",
      url: `${guide}/updating-an-add-on.html`,
    },
    ({ addonName, addonVersion }, { report }) =>
      each([addonVersion], (version) => {
        if (!/^v?\d+\.\d+/.test(version ?? ""))
          report(`addonVersion of ${shown(addonName)} is ${shown(version)}.`);
      }),
  ),
];
