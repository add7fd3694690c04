import type { Policies, PolicyResource } from "@pulumi/policy";
import { type KnownTypes, onStack, onType, onTypes } from "../lib/control";
import { ifUnknown, isGiven, shown } from "../lib/wire";

type Release = KnownTypes["kubernetes:helm.sh/v3:Release"];
type Ingress = KnownTypes["kubernetes:networking.k8s.io/v1:Ingress"];
const isChart = (type: string) =>
  type === "kubernetes:helm.sh/v3:Release" || type === "kubernetes:helm.sh/v4:Chart";
const helmUrl = "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/";
const exactVersion = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;
const certificateKey = "alb.ingress.kubernetes.io/certificate-arn";

/** True if an IngressClassParams of the stack has certificates. */
function classHasCertificate(resources: PolicyResource[]): boolean {
  return resources.some(({ type, props }) => {
    const spec = props.spec as { certificateARNs?: unknown[] } | undefined;
    return (
      type.endsWith(":IngressClassParams") && ifUnknown(true, () => (spec?.certificateARNs?.length ?? 0) > 0)
    );
  });
}

/** Policies for charts, storage, the provider and certificates. */
export const platform: Policies = [
  onTypes<Release>(
    isChart,
    {
      name: "helm-version-pinned",
      description: "Helm charts must set an exact version.",
      severity: "high",
      remediation: "Set version to an exact version, such as 2.9.0, not a range.",
      url: helmUrl,
    },
    (release, { report }) => {
      const vendored = /\.tgz$|@sha256:/.test(release.chart ?? "");
      if (!vendored && !exactVersion.test(release.version ?? "")) {
        report(
          `version of chart ${shown(release.chart)} is ${shown(release.version)}; it must be an exact version.`,
        );
      }
    },
  ),
  onType(
    "kubernetes:helm.sh/v3:Release",
    {
      name: "helm-atomic",
      description: "Helm releases must roll back failed installations.",
      severity: "medium",
      remediation: "Set atomic to true. Resources of a failed installation block the next one.",
      url: helmUrl,
    },
    (release, { report }) => {
      if (release.atomic !== true) report(`atomic is ${shown(release.atomic)}; it must be true.`);
    },
  ),
  onTypes<Release>(
    isChart,
    {
      name: "helm-repository-encrypted",
      description: "Helm charts must be fetched over TLS.",
      severity: "high",
      remediation: "Use an https:// or oci:// repository, or a local chart.",
      url: helmUrl,
    },
    ({ chart, repositoryOpts }, { report }) => {
      // With only a name, Helm looks the chart up in the repositories configured on the machine.
      const source = repositoryOpts?.repo ?? chart;
      if (!/^(https:\/\/|oci:\/\/|\.{0,2}\/)/.test(source ?? "")) {
        report(
          `chart ${shown(chart)} comes from ${shown(source)}; it must be an https:// or oci:// URL, or a local path.`,
        );
      }
    },
  ),
  onType(
    "kubernetes:storage.k8s.io/v1:StorageClass",
    {
      name: "k8s-storage-class-encrypted",
      description: "EBS StorageClasses must encrypt volumes.",
      severity: "high",
      remediation: 'Set parameters.encrypted to "true".',
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html",
    },
    (storageClass, { report }) => {
      if (!storageClass.provisioner?.includes("ebs.csi")) return;
      const found = storageClass.parameters?.encrypted;
      if (found !== "true") report(`parameters.encrypted is ${shown(found)}; it must be "true".`);
    },
  ),
  onType(
    "pulumi:providers:kubernetes",
    {
      name: "k8s-provider-cluster-identifier",
      description: "Kubernetes providers must set clusterIdentifier to a constant.",
      severity: "high",
      remediation:
        "Set clusterIdentifier to a constant. Otherwise, any change to the cluster plans a replacement of all its objects.",
      url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    },
    (provider, { report }) => {
      const known = ifUnknown(
        false,
        () => isGiven(provider, "clusterIdentifier") && Boolean(provider.clusterIdentifier),
      );
      if (!known) report("clusterIdentifier is not set, or known only after `up`; it must be a constant.");
    },
  ),
  onStack(
    {
      name: "k8s-ingress-certificate",
      description: "Ingresses must have a certificate.",
      severity: "critical",
      remediation: `Set the annotation ${certificateKey}, or spec.certificateARNs of the IngressClassParams.`,
      url: "https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html",
    },
    (resources, report) => {
      if (classHasCertificate(resources)) return;
      for (const { type, name, urn, props } of resources) {
        if (!/^kubernetes:networking.k8s.io\/v1:Ingress(Patch)?$/.test(type)) continue;
        const annotations = (props as Ingress).metadata?.annotations ?? {};
        if (!isGiven(annotations, certificateKey))
          report(`${name} has no certificate, and no IngressClassParams has one.`, urn);
      }
    },
  ),
];
