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
      description:
        "EKS Pod Identity associations must be for a dedicated service account and use session tags.",
      severity: "high",
      remediation: "Set namespace, serviceAccount and roleArn, and remove disableSessionTags.",
      url: `${docs}/eks/latest/userguide/pod-id-abac.html`,
    },
    [
      ["namespace", given],
      ["serviceAccount", like(/^(?!default$)./, 'a service account other than "default"')],
      ["roleArn", given],
      ["disableSessionTags", unlessSet(false)],
    ],
  ),
  must(
    ["aws:eks/cluster:Cluster"],
    {
      name: "eks-hardened",
      description:
        "EKS clusters must write audit logs, limit public access and run a Kubernetes version in standard support.",
      severity: "medium",
      remediation:
        "Add audit and authenticator to enabledClusterLogTypes. Set upgradePolicy.supportType to STANDARD, vpcConfig.subnetIds and roleArn. Limit vpcConfig.publicAccessCidrs to networks of /16 or smaller.",
      url: `${docs}/securityhub/latest/userguide/eks-controls.html`,
    },
    [
      ...["audit", "authenticator"].map(
        (kind) =>
          ["enabledClusterLogTypes", having((one) => one === kind, `a list that contains ${kind}`)] as const,
      ),
      ["upgradePolicy.supportType", unlessSet("STANDARD")],
      ["kubernetesNetworkConfig.serviceIpv4Cidr", privateNetwork, setsServices],
      ["vpcConfig.subnetIds", given],
      ["roleArn", given],
      [
        "vpcConfig.publicAccessCidrs[]",
        like(/^[\d.]+\/(1[6-9]|2\d|3[0-2])$/, "an IPv4 CIDR block of /16 or smaller"),
      ],
    ],
  ),
  must(
    ["pulumi:providers:aws"],
    {
      name: "aws-provider-credentials",
      description: "AWS providers must not contain credentials, and must verify TLS certificates.",
      severity: "critical",
      remediation:
        "Set region, and remove accessKey, secretKey, token, insecure and skipCredentialsValidation. Credentials come from the environment.",
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
      description: "Kubernetes providers must verify the certificate of the API server.",
      severity: "critical",
      remediation:
        "Set kubeconfig with certificate-authority-data and an https server, and without insecure-skip-tls-verify.",
      url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    },
    [
      [
        "kubeconfig",
        {
          ...like(
            /^(?!.*insecure-skip-tls-verify["']?:\s*true)(?!.*server["']?:\s*["']?http:)./s,
            "a kubeconfig with an https server and without insecure-skip-tls-verify",
          ),
          later: true,
        },
      ],
      ["skipUpdateUnreachable", unlessSet(false, "false")],
      ["suppressDeprecationWarnings", unlessSet(false, "false", true, "true")],
    ],
  ),
];
