import type { Policies } from "@pulumi/policy";
import { absent, between, given, hours, hoursBetween, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const spec = ({ props }: Whole) => (isRecord(props.spec) ? props.spec : {});

/** Custom resources of operators, property by property. */
export const operatorRows: Policies = [
  must(
    ["kubernetes:external-secrets.io/v1:ClusterSecretStore", "kubernetes:external-secrets.io/v1:SecretStore"],
    {
      name: "secrets-store-scoped",
      description:
        "Secret stores must be limited to namespaces, read from AWS, and have no static credentials.",
      severity: "critical",
      remediation:
        "Set conditions with namespaces or namespaceSelector, and provider.aws.service to SecretsManager or ParameterStore. Remove provider.aws.auth.secretRef.",
      url: "https://external-secrets.io/latest/api/clustersecretstore/",
    },
    [
      ["spec.conditions", given, clusterWide],
      [
        "spec.conditions[]",
        {
          words: "a condition with namespaces or namespaceSelector.matchLabels",
          holds: (value) => {
            if (!isRecord(value)) return false;
            const { namespaces, namespaceSelector, namespaceRegexes } = value as {
              namespaces?: string[];
              namespaceSelector?: { matchLabels?: object };
              namespaceRegexes?: string[];
            };
            const labelled = Object.keys(namespaceSelector?.matchLabels ?? {}).length > 0;
            return namespaceRegexes === undefined && (labelled || (namespaces?.length ?? 0) > 0);
          },
        },
      ],
      ["spec.provider.aws.service", is("SecretsManager", "ParameterStore")],
      ["spec.provider.aws.auth.secretRef", absent],
    ],
  ),
  must(
    ["kubernetes:external-secrets.io/v1:ExternalSecret"],
    {
      name: "secrets-synced-by-name",
      description:
        "ExternalSecrets must name their store and their entries, and refresh at least once a day.",
      severity: "high",
      remediation:
        "Set secretStoreRef.name, refreshInterval to a duration from 1m to 24h, and the name of each entry in data. Remove dataFrom[].find.",
      url: "https://external-secrets.io/latest/api/externalsecret/",
    },
    [
      ["spec.secretStoreRef.name", given],
      [
        "spec.refreshInterval",
        { words: "between 1m and 24h", holds: (value) => hours(value) >= 1 / 60 && hours(value) <= 24 },
      ],
      ["spec.target.creationPolicy", unlessSet("Owner", "Merge")],
      ["spec.data[].remoteRef.key", { ...like(/^[^*]+$/, "the name of one entry, without *"), later: true }],
      ["spec.dataFrom[].find", absent],
    ],
  ),
  must(
    ["kubernetes:cert-manager.io/v1:Certificate"],
    {
      name: "certificates-short-lived",
      description:
        "Certificates must be valid for at most 90 days (10 years for a CA), and use a new private key for each renewal.",
      severity: "high",
      remediation:
        "Set duration, renewBefore, and privateKey.rotationPolicy to Always. Set privateKey.algorithm and privateKey.size to ECDSA with at least 256 bits or RSA with at least 2048 bits.",
      url: "https://cert-manager.io/docs/usage/certificate/",
    },
    [
      ["spec.duration", hoursBetween(1, 2160), (whole) => spec(whole).isCA !== true],
      ["spec.duration", hoursBetween(1, 87_600), (whole) => spec(whole).isCA === true],
      ["spec.privateKey.rotationPolicy", is("Always"), (whole) => spec(whole).isCA !== true],
      ["spec.privateKey.algorithm", is("ECDSA", "Ed25519", "RSA")],
      [
        "spec.privateKey.size",
        {
          words: "at least 256 (ECDSA) or 2048 (RSA)",
          holds: (value) => [256, 384, 521, 2048, 3072, 4096].includes(Number(value)),
        },
        (whole) => (spec(whole).privateKey as { algorithm?: string } | undefined)?.algorithm !== "Ed25519",
      ],
      [
        "spec.privateKey.size",
        between(2048, 4096),
        (whole) => (spec(whole).privateKey as { algorithm?: string } | undefined)?.algorithm === "RSA",
      ],
      ["spec.issuerRef.name", given],
      ["spec.secretName", given],
      ["spec.renewBefore", hoursBetween(1, 26_280)],
      ["spec.dnsNames[]", like(/^(\*\.)?[^*]+\.[^*]+$/, "a name with at most one leading wildcard")],
    ],
  ),
  must(
    ["kubernetes:keda.sh/v1alpha1:TriggerAuthentication"],
    {
      name: "keda-own-identity",
      description: "KEDA TriggerAuthentications must use EKS Pod Identity or a Secret.",
      severity: "high",
      remediation: "Set podIdentity.provider to aws, or secretTargetRef. Remove env.",
      url: "https://keda.sh/docs/latest/concepts/authentication/",
    },
    [
      ["spec.podIdentity.provider", unlessSet("aws")],
      ["spec.env", absent],
    ],
  ),
];

function clusterWide({ props }: Whole): boolean {
  return props.kind === undefined || props.kind === "ClusterSecretStore";
}
