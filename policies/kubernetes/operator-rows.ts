import type { Policies } from "@pulumi/policy";
import {
  absent,
  between,
  given,
  hours,
  hoursBetween,
  is,
  like,
  having,
  quantityUpTo,
  unlessSet,
} from "../../standards/tests";
import { must, type Whole } from "../lib/must";

import { isRecord } from "../lib/wire";

const spec = ({ props }: Whole) => (isRecord(props.spec) ? props.spec : {});

const attribute = (key: string, value: string) => (item: unknown) =>
  isRecord(item) && item.key === key && item.value === value;

/** What operators are told, property by property. */
export const operatorRows: Policies = [
  must(
    ["kubernetes:external-secrets.io/v1:ClusterSecretStore", "kubernetes:external-secrets.io/v1:SecretStore"],
    {
      name: "secrets-store-scoped",
      description:
        "A store of secrets is for named namespaces, reads Secrets Manager, and holds no key of its own.",
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
      name: "secrets-taken-by-name",
      description: "A secret is brought in by name, from a store, and again within a day.",
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
      description: "A certificate lasts three months, an authority ten years at most; keys change with it.",
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
    ["kubernetes:jetstream.nats.io/v1beta2:Account"],
    {
      name: "nats-account-tls",
      description: "Whoever manages streams does so over TLS, with a login from a Secret.",
      severity: "high",
      remediation: "Give servers as tls://, tls.secret, and user.secret.",
      url: "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/tls",
    },
    [
      ["spec.servers", given],
      ["spec.servers[]", like(/^tls:\/\/[^/@]+$/, "a tls:// address without a login")],
      ["spec.tls.secret.name", given],
      ["spec.tls.ca", given],
      ["spec.user.user", given, hasUser],
      ["spec.user.password", given, hasUser],
      [
        "spec.user.secret.name",
        given,
        (whole) => spec(whole).creds === undefined && spec(whole).token === undefined,
      ],
    ],
  ),
  must(
    ["kubernetes:jetstream.nats.io/v1beta2:Stream", "kubernetes:jetstream.nats.io/v1beta2:Consumer"],
    {
      name: "nats-streams-kept",
      description: "A protected stream stays in the servers when its object goes, and is bounded.",
      severity: "medium",
      remediation: "Set preventDelete to true where `protect` is on, and storage to file with a bound.",
      url: "https://docs.nats.io/nats-concepts/jetstream/streams",
    },
    [
      ["spec.preventDelete", is(true), ({ protect }) => protect],
      ["spec.storage", unlessSet("file")],
      ["spec.account", given],
      ["spec.maxBytes", between(1, 1e13), (whole) => spec(whole).subjects !== undefined],
      ["spec.replicas", between(3, 5), (whole) => whole.protect && spec(whole).subjects !== undefined],
    ],
  ),
  must(
    ["kubernetes:keda.sh/v1alpha1:TriggerAuthentication"],
    {
      name: "keda-own-identity",
      description:
        "KEDA asks sources as itself or with a login from a Secret, never with a key in a variable.",
      severity: "high",
      remediation: "Set podIdentity.provider to aws, or secretTargetRef; leave env out.",
      url: "https://keda.sh/docs/latest/concepts/authentication/",
    },
    [
      ["spec.podIdentity.provider", unlessSet("aws")],
      ["spec.env", absent],
    ],
  ),
  must(
    ["kubernetes:eks.amazonaws.com/v1:NodeClass"],
    {
      name: "eks-nodes-closed",
      description: "Nodes are in private networks of ours, with disks under a key of ours.",
      severity: "high",
      remediation:
        "Set role, subnetSelectorTerms, securityGroupSelectorTerms and ephemeralStorage.kmsKeyID; never associatePublicIPAddress.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html",
    },
    [
      ["spec.role", given],
      ["spec.subnetSelectorTerms", given],
      ["spec.securityGroupSelectorTerms", given],
      ["spec.ephemeralStorage.kmsKeyID", given],
      ["spec.networkPolicy", is("DefaultAllow", "DefaultDeny")],
      ["spec.networkPolicyEventLogs", is("Enabled")],
      ["spec.advancedNetworking.associatePublicIPAddress", unlessSet(false)],
    ],
  ),
  must(
    ["kubernetes:karpenter.sh/v1:NodePool"],
    {
      name: "eks-nodes-bounded",
      description: "A pool of nodes ends somewhere, and its nodes are renewed within three weeks.",
      severity: "high",
      remediation: "Set limits.cpu and limits.memory, and template.spec.expireAfter to 504h or less.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html",
    },
    [
      ["spec.limits.cpu", quantityUpTo("1000")],
      ["spec.limits.memory", quantityUpTo("4Ti")],
      ["spec.template.spec.expireAfter", hoursBetween(1, 504)],
      ["spec.template.spec.nodeClassRef.name", given],
    ],
  ),
  must(
    ["kubernetes:eks.amazonaws.com/v1:IngressClassParams"],
    {
      name: "elb-class-attributes",
      description: "A load balancer of a class drops headers that could smuggle requests.",
      severity: "medium",
      remediation: 'Add routing.http.drop_invalid_header_fields.enabled "true" to loadBalancerAttributes.',
      url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
    },
    [
      [
        "spec.loadBalancerAttributes",
        having(
          attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
          "a list with routing.http.drop_invalid_header_fields.enabled true",
        ),
        ({ props }) => isRecord(props.spec) && props.spec.group !== undefined,
      ],
      ["spec.scheme", unlessSet("internet-facing", "internal")],
    ],
  ),
];

/** Without a login of its own NACK names none, and a server that asks for none would let it in. */
function hasUser({ props }: Whole): boolean {
  return isRecord(props.spec) && props.spec.user !== undefined;
}

function clusterWide({ props }: Whole): boolean {
  return props.kind === undefined || props.kind === "ClusterSecretStore";
}
