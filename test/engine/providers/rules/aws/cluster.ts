import { apiServerCertificate } from "../../../../support/api-server";
import { refuse, type Failure, type Rules } from "../../rule";
import { at, isObject, UNKNOWN, type Values } from "../../wire";

const cluster = "aws:eks/cluster:Cluster";

/** EKS. */
export const clusterRules: Rules = {
  [cluster]: {
    id: "{name}",
    arn: "arn:aws:eks:{region}:{account}:cluster/{name}",
    name: {
      property: "name",
      max: 100,
      auto: true,
      pattern: /^[0-9A-Za-z][\w-]*$/,
      what: "letters, digits, - and _",
    },
    replace: [
      "name",
      "roleArn",
      "outpostConfig",
      "bootstrapSelfManagedAddons",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "computeConfig.nodeRoleArn",
      "kubernetesNetworkConfig.ipFamily",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
    ],
    defaults: { bootstrapSelfManagedAddons: true, deletionProtection: false },
    outputs: {
      version: "1.36",
      // A server on loopback: the program checks its access with it before it passes on a kubeconfig.
      endpoint: () => process.env["ENGINE_API_SERVER"] ?? "https://127.0.0.1:1",
      certificateAuthority: {
        data: () => process.env["ENGINE_API_AUTHORITY"] ?? apiServerCertificate.toString("base64"),
      },
      clusterId: "",
      createdAt: "2026-01-01T00:00:00Z",
      identities: [{ oidcs: [{ issuer: "https://oidc.eks.{region}.amazonaws.com/id/{hex32}" }] }],
      platformVersion: "eks.1",
      status: "ACTIVE",
    },
    unordered: [
      "computeConfig.nodePools",
      "enabledClusterLogTypes",
      "vpcConfig.subnetIds",
      "vpcConfig.securityGroupIds",
      "vpcConfig.publicAccessCidrs",
    ],
    refs: {
      "vpcConfig.subnetIds": "aws:ec2/subnet:Subnet",
      "vpcConfig.securityGroupIds": "aws:ec2/securityGroup:SecurityGroup",
    },
    held: true,
    check: autoMode,
    answer: filled,
    keep: ({ deletionProtection }) => (deletionProtection === true ? "deletionProtection is on" : undefined),
  },
  "aws:eks/addon:Addon": {
    id: "{clusterName}:{addonName}",
    arn: "arn:aws:eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}",
    replace: ["clusterName", "addonName", "namespaceConfig"],
    outputs: {
      addonVersion: "v1.0.0-eksbuild.1",
      createdAt: "2026-01-01T00:00:00Z",
      modifiedAt: "2026-01-01T00:00:00Z",
    },
    documents: ["configurationValues"],
    refs: { clusterName: cluster },
  },
  "aws:eks/accessEntry:AccessEntry": {
    id: "{clusterName}:{principalArn}",
    replace: ["clusterName", "principalArn", "type"],
    defaults: { type: "STANDARD" },
    outputs: {
      accessEntryArn: "arn:aws:eks:{region}:{account}:access-entry/{clusterName}/{uuid}",
      userName: "{principalArn}",
      kubernetesGroups: [],
    },
    unordered: ["kubernetesGroups"],
    refs: { clusterName: cluster },
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    id: "{clusterName}#{principalArn}#{policyArn}",
    replace: ["clusterName", "principalArn", "policyArn", "accessScope"],
    outputs: { associatedAt: "2026-01-01T00:00:00Z", modifiedAt: "2026-01-01T00:00:00Z" },
    unordered: ["accessScope.namespaces"],
    refs: { clusterName: cluster },
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    id: "a-{hex17}",
    replace: ["clusterName", "namespace", "serviceAccount"],
    defaults: { disableSessionTags: false },
    outputs: {
      associationId: "{id}",
      associationArn: "arn:aws:eks:{region}:{account}:podidentityassociation/{clusterName}/{id}",
      externalId: "{uuid}",
    },
    refs: { clusterName: cluster },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    arn: "arn:aws:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
    name: { property: "nodeGroupName", max: 63, auto: true },
    replace: [
      "clusterName",
      "nodeGroupName",
      "nodeRoleArn",
      "subnetIds",
      "amiType",
      "capacityType",
      "diskSize",
      "instanceTypes",
      "launchTemplate.id",
      "launchTemplate.name",
      "nodeGroupNamePrefix",
      "remoteAccess",
    ],
    unordered: ["subnetIds"],
    refs: { clusterName: cluster, subnetIds: "aws:ec2/subnet:Subnet" },
  },
};

/** Auto Mode's three parts are all on or all off, and it includes its own add-ons. */
function autoMode(values: Values): Failure[] {
  const parts = [
    "computeConfig.enabled",
    "kubernetesNetworkConfig.elasticLoadBalancing.enabled",
    "storageConfig.blockStorage.enabled",
  ];
  const on = parts.filter((path) => at(values, path)[0] === true);
  const failures: Failure[] = [];
  if (on.length > 0 && on.length < parts.length)
    failures.push(refuse("computeConfig", `Auto Mode needs all of ${parts.join(", ")}`));
  if (on.length > 0 && values["bootstrapSelfManagedAddons"] !== false)
    failures.push(refuse("bootstrapSelfManagedAddons", "must be false with Auto Mode"));
  const [pools] = at(values, "computeConfig.nodePools");
  const [role] = at(values, "computeConfig.nodeRoleArn");
  if (role !== undefined && pools === undefined)
    failures.push(
      refuse(
        "computeConfig",
        "When Compute Config nodeRoleArn is not null or empty, nodePool value(s) must be provided",
      ),
    );
  const zones = new Set(at(values, "vpcConfig.subnetIds"));
  if (values["vpcConfig"] !== undefined && zones.size < 2 && !zones.has(UNKNOWN))
    failures.push(refuse("vpcConfig.subnetIds", "two subnets at least, in different zones"));
  return failures;
}

/** EKS creates a security group for each cluster; an account has one cluster here. */
export const clusterSecurityGroup = "sg-0c1c1c1c1c1c1c1c1";

/** Values that EKS adds to nested inputs. */
function filled(values: Values): Values {
  const inside = (key: string, more: Values) => ({ ...more, ...(isObject(values[key]) ? values[key] : {}) });
  return {
    ...values,
    vpcConfig: inside("vpcConfig", {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      clusterSecurityGroupId: clusterSecurityGroup,
    }),
    accessConfig: inside("accessConfig", { authenticationMode: "CONFIG_MAP" }),
    upgradePolicy: inside("upgradePolicy", { supportType: "EXTENDED" }),
  };
}
