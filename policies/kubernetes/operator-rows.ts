import type { Policies } from "@pulumi/policy";
import { absent, between, given, hours, hoursBetween, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const spec = ({ props }: Whole) => (isRecord(props.spec) ? props.spec : {});

/** Operators' objects, property by property. */
export const operatorRows: Policies = [
  must(
    ["kubernetes:external-secrets.io/v1:ClusterSecretStore", "kubernetes:external-secrets.io/v1:SecretStore"],
    {
      name: "secrets-store-scoped",
      description:
        "A secret store is for named namespaces, reads Secrets Manager, and has no static credentials.",
      severity: "critical",
      remediation:
        "Set conditions with namespaces or labels, provider.aws.service SecretsManager, and no auth.secretRef.",
      url: "https://external-secrets.io/latest/api/clustersecretstore/",
    },
    [
      ["spec.conditions", given, clusterWide],
      [
        "spec.conditions[]",
        {
          words: "one with namespaces, or labels of namespaces",
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
      description: "An ExternalSecret names its store and its entries, and refreshes at least once a day.",
      severity: "high",
      remediation: "Set secretStoreRef and refreshInterval (1h), and name each entry under data.",
      url: "https://external-secrets.io/latest/api/externalsecret/",
    },
    [
      ["spec.secretStoreRef.name", given],
      [
        "spec.refreshInterval",
        { words: "from 1m to 24h", holds: (value) => hours(value) >= 1 / 60 && hours(value) <= 24 },
      ],
      ["spec.target.creationPolicy", unlessSet("Owner", "Merge")],
      ["spec.data[].remoteRef.key", { ...like(/^[^*]+$/, "one entry's name"), later: true }],
      ["spec.dataFrom[].find", absent],
    ],
  ),
  must(
    ["kubernetes:cert-manager.io/v1:Certificate"],
    {
      name: "certificates-short-lived",
      description:
        "A certificate is valid for three months at most, a certificate authority for ten years; each renewal has a new key.",
      severity: "high",
      remediation:
        "Set duration, renewBefore, and privateKey to a new ECDSA key (or RSA of 2048 bits) each time.",
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
          words: "256 (ECDSA) or 2048 (RSA) or more",
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
      description: "KEDA authenticates by Pod Identity or with a Secret, never with a key in a variable.",
      severity: "high",
      remediation: "Set podIdentity.provider to aws, or secretTargetRef; leave env out.",
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
