import type { Policies } from "@pulumi/policy";
import { absent, given, having, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";
import { privateNetwork } from "./platform-rows";

const setsServices = ({ props }: Whole) =>
  isRecord(props.kubernetesNetworkConfig) && props.kubernetesNetworkConfig.serviceIpv4Cidr !== undefined;
const docs = "https://docs.aws.amazon.com";

/** The cluster, its pods' roles and the providers, property by property. */
export const clusterRows: Policies = [
  must(
    ["aws:eks/podIdentityAssociation:PodIdentityAssociation"],
    {
      name: "eks-pod-identity-named",
      description: "A pod's role is for one service account, with the session tags that trust policies test.",
      severity: "high",
      remediation: "Set namespace, serviceAccount and roleArn; leave disableSessionTags out.",
      url: `${docs}/eks/latest/userguide/pod-id-abac.html`,
    },
    [
      ["namespace", given],
      ["serviceAccount", like(/^(?!default$)./, "a service account of its own")],
      ["roleArn", given],
      ["disableSessionTags", unlessSet(false)],
    ],
  ),
  must(
    ["aws:eks/cluster:Cluster"],
    {
      name: "eks-hardened",
      description: "A cluster writes audit logs, and stays on supported versions.",
      severity: "medium",
      remediation:
        "Add audit and authenticator to enabledClusterLogTypes, and upgradePolicy.supportType to STANDARD.",
      url: `${docs}/securityhub/latest/userguide/eks-controls.html`,
    },
    [
      ...["audit", "authenticator"].map(
        (kind) => ["enabledClusterLogTypes", having((one) => one === kind, `a list with ${kind}`)] as const,
      ),
      ["upgradePolicy.supportType", unlessSet("STANDARD")],
      ["kubernetesNetworkConfig.serviceIpv4Cidr", privateNetwork, setsServices],
      ["vpcConfig.subnetIds", given],
      ["roleArn", given],
      ["vpcConfig.publicAccessCidrs[]", like(/^[\d.]+\/(1[6-9]|2\d|3[0-2])$/, "a network of /16 or smaller")],
    ],
  ),
  must(
    ["pulumi:providers:aws"],
    {
      name: "aws-provider-credentials",
      description: "A provider takes its credentials from the environment, and verifies certificates.",
      severity: "critical",
      remediation: "Leave accessKey, secretKey, token and insecure out; set region.",
      url: "https://www.pulumi.com/registry/packages/aws/installation-configuration/",
    },
    [
      ["accessKey", absent],
      ["secretKey", absent],
      ["token", absent],
      ["insecure", unlessSet(false, "false")],
      ["skipCredentialsValidation", unlessSet(false, "false")],
      ["region", given],
    ],
  ),
  must(
    ["pulumi:providers:kubernetes"],
    {
      name: "k8s-provider-verifies-server",
      description: "A Kubernetes provider verifies the certificate of its API server.",
      severity: "critical",
      remediation: "Set kubeconfig, with certificate-authority-data and without insecure-skip-tls-verify.",
      url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    },
    [
      [
        "kubeconfig",
        {
          ...like(
            /^(?!.*insecure-skip-tls-verify["']?:\s*true)(?!.*server["']?:\s*["']?http:)./s,
            "one that checks the server",
          ),
          later: true,
        },
      ],
      ["skipUpdateUnreachable", unlessSet(false, "false")],
      ["suppressDeprecationWarnings", unlessSet(false, "false", true, "true")],
    ],
  ),
];
