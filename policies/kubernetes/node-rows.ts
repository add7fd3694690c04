import type { Policies } from "@pulumi/policy";
import { scratchClass } from "../../standards/objects";
import { between, given, hoursBetween, is, like, not, quantityUpTo, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const spec = ({ props }: Whole) => (isRecord(props.spec) ? props.spec : {});

/** Nodes, scratch volumes and NATS, property by property. */
export const nodeRows: Policies = [
  must(
    ["kubernetes:storage.k8s.io/v1:StorageClass", "kubernetes:core/v1:PersistentVolumeClaim"],
    {
      name: "k8s-scratch-volumes",
      description:
        "The StorageClass for temporary copies must delete its volumes, and PersistentVolumeClaims must not use it.",
      severity: "high",
      remediation: `Set reclaimPolicy of the StorageClass ${scratchClass} to Delete. In a PersistentVolumeClaim, use another StorageClass.`,
      url: "https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy",
    },
    [
      [
        "reclaimPolicy",
        is("Delete"),
        ({ props }) => (props.metadata as { name?: unknown } | undefined)?.name === scratchClass,
      ],
      ["spec.storageClassName", not(scratchClass)],
    ],
  ),
  must(
    ["kubernetes:jetstream.nats.io/v1beta2:Account"],
    {
      name: "nats-account-tls",
      description: "NATS Accounts must use TLS, and credentials from a Secret.",
      severity: "high",
      remediation: "Set servers to tls:// URLs, tls.secret.name, tls.ca and user.secret.name.",
      url: "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/tls",
    },
    [
      ["spec.servers", given],
      ["spec.servers[]", like(/^tls:\/\/[^/@]+$/, "a tls:// URL without credentials")],
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
      description:
        "JetStream streams must have a size limit, and protected streams must be replicated and kept when their object is deleted.",
      severity: "medium",
      remediation:
        "Set account, storage to file, and maxBytes. Where `protect` is true, also set preventDelete to true and replicas to a number from 3 to 5.",
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
    ["kubernetes:eks.amazonaws.com/v1:NodeClass"],
    {
      name: "eks-nodes-private",
      description:
        "EKS nodes must run in subnets of the stack without public IP addresses, and encrypt disks with a customer managed KMS key.",
      severity: "high",
      remediation:
        "Set role, subnetSelectorTerms, securityGroupSelectorTerms, ephemeralStorage.kmsKeyID, networkPolicy and networkPolicyEventLogs. Remove advancedNetworking.associatePublicIPAddress.",
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
      description: "NodePools must have resource limits, and replace their nodes within 21 days.",
      severity: "high",
      remediation:
        "Set limits.cpu, limits.memory, template.spec.nodeClassRef.name, and template.spec.expireAfter to 504h or less.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html",
    },
    [
      ["spec.limits.cpu", quantityUpTo("1000")],
      ["spec.limits.memory", quantityUpTo("4Ti")],
      ["spec.template.spec.expireAfter", hoursBetween(1, 504)],
      ["spec.template.spec.nodeClassRef.name", given],
    ],
  ),
];

/** Without a user, NACK connects anonymously, which only servers without authentication accept. */
function hasUser({ props }: Whole): boolean {
  return isRecord(props.spec) && props.spec.user !== undefined;
}
