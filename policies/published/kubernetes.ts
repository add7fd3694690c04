import type { PublishedStandard } from "./standard";

const autoMode = "EKS Auto Mode: AWS makes and patches the nodes, and nobody logs in to them.";

export const cisEks: PublishedStandard = {
  name: "CIS Amazon EKS Benchmark 1.8",
  url: "https://www.cisecurity.org/benchmark/kubernetes",
  controls: [
    ["2.1.1", "Audit logs are on", ["eks-audit-logs"]],
    ["2.1.2", "Audit logs are collected", ["eks-audit-logs", "logs-audit-kept"]],
    ["3.1, 3.2", "Files and kubelet of the nodes", autoMode],
    ["4.1.1", "cluster-admin is bound to nobody", ["k8s-rbac-no-cluster-admin"]],
    ["4.1.2", "Few may read Secrets", ["k8s-rbac-secrets-by-namespace"]],
    ["4.1.3", "No wildcards in roles", ["k8s-rbac-no-wildcard"]],
    [
      "4.1.4",
      "Few may make pods",
      "An operator starts jobs by hand, in the systems' namespaces: `operatorRules` in components/cluster/people-roles.ts, tested against a real API server.",
    ],
    ["4.1.5", "Default service accounts aren't used", ["k8s-own-service-account"]],
    ["4.1.6", "Tokens are mounted where they are needed", ["k8s-no-api-token", "k8s-account-without-token"]],
    ["4.1.7", "Access entries instead of aws-auth", ["eks-access-by-api", "eks-no-creator-admin"]],
    ["4.1.8", "Few may bind, impersonate and escalate", ["k8s-rbac-no-escalation"]],
    [
      "4.1.9",
      "Few may create PersistentVolumes",
      "No role of Plinth does; the add-ons' and operators' own roles come with them.",
    ],
    [
      "4.1.10–4.1.12",
      "Few may use nodes/proxy, webhook configurations and token creation",
      ["k8s-rbac-no-escalation"],
    ],
    [
      "4.2.1–4.2.5",
      "Privileges and the host's namespaces",
      ["k8s-no-privileged", "k8s-no-host-namespaces", "k8s-no-privilege-escalation"],
    ],
    ["4.3.1, 5.4.4", "Network policies are enforced", ["k8s-network-policies-enforced"]],
    ["4.3.2", "Every namespace has network policies", ["k8s-namespace-default-deny"]],
    [
      "4.4.1",
      "Secrets as files, not as variables",
      "The systems' images read variables: docs/image-contract.md.",
    ],
    ["4.4.2", "Secrets are kept outside", ["k8s-no-literal-secret", "secrets-synced-by-name"]],
    ["4.5.1", "Namespaces separate resources", ["k8s-namespace-default-deny", "k8s-namespace-restricted"]],
    ["4.5.2", "The default namespace isn't used", ["k8s-namespace-default-deny"]],
    ["5.1.1", "Images are scanned", ["ecr-scan-on-push"]],
    ["5.1.2", "Few people may use ECR", "A right of people in the account, which no stack grants."],
    ["5.1.3", "The cluster only pulls from ECR", ["iam-resources-named", "eks-nodes-private"]],
    [
      "5.1.4",
      "Images come from trusted registries",
      ["k8s-image-registry", "k8s-image-pinned", "k8s-image-by-digest"],
    ],
    ["5.2.1", "Roles for service accounts, not for nodes", ["eks-pod-identity-named"]],
    ["5.3.1", "Secrets are encrypted with KMS", ["eks-secrets-encrypted"]],
    ["5.4.1, 5.4.2", "The endpoint is restricted", ["eks-public-endpoint-limited", "eks-private-endpoint"]],
    ["5.4.3", "Nodes are private", ["eks-nodes-private", "ec2-no-automatic-public-ip"]],
    ["5.4.5", "Load balancers terminate TLS", ["k8s-ingress-https", "k8s-ingress-certificate"]],
    ["5.5.1", "People log in with IAM", ["eks-access-by-api", "eks-no-creator-admin"]],
  ],
};

export const podSecurity: PublishedStandard = {
  name: "Kubernetes Pod Security Standards, restricted",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  controls: [
    ["HostProcess", "No Windows host processes", ["k8s-no-host-process"]],
    ["Host Namespaces", "No namespaces of the host", ["k8s-no-host-namespaces"]],
    ["Privileged Containers", "None", ["k8s-no-privileged"]],
    ["Capabilities", "All dropped", ["k8s-capabilities-dropped"]],
    ["HostPath Volumes, Volume Types", "Volumes of some types only", ["k8s-volume-types"]],
    ["Host Ports", "None", ["k8s-no-host-ports"]],
    ["Host Probes / Lifecycle Hooks", "No host", ["k8s-no-probe-host"]],
    ["AppArmor, SELinux", "Confined", ["k8s-confined"]],
    ["/proc Mount Type", "Default", ["k8s-default-proc-mount"]],
    ["Seccomp", "RuntimeDefault or Localhost", ["k8s-seccomp-profile"]],
    ["Sysctls", "Safe ones", ["k8s-safe-sysctls"]],
    ["Privilege Escalation", "None", ["k8s-no-privilege-escalation"]],
    ["Running as Non-root", "Required", ["k8s-run-as-non-root"]],
    ["Running as Non-root user", "No user 0", ["k8s-no-root-user"]],
    ["Admission", "Namespaces enforce it", ["k8s-namespace-restricted", "k8s-namespace-pod-security"]],
  ],
};

export const nsa: PublishedStandard = {
  name: "NSA/CISA Kubernetes Hardening Guide 1.2",
  url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  controls: [
    [
      "Pod security",
      "Non-root, immutable file systems, no privileges",
      ["k8s-run-as-non-root", "k8s-read-only-root-filesystem", "k8s-no-privileged"],
    ],
    [
      "Pod security",
      "Service account tokens only where needed",
      ["k8s-no-api-token", "k8s-account-without-token"],
    ],
    ["Pod security", "Images from trusted repositories, scanned", ["k8s-image-registry", "ecr-scan-on-push"]],
    [
      "Pod security",
      "Admission control enforces it",
      ["k8s-admission-bound", "k8s-admission-denies", "k8s-admission-validates"],
    ],
    [
      "Network separation",
      "Default deny, both ways",
      [
        "k8s-namespace-default-deny",
        "k8s-network-policy-closed",
        "k8s-network-policy-whole",
        "k8s-network-policy-within",
      ],
    ],
    [
      "Network separation",
      "Resource policies",
      ["k8s-namespace-quota", "k8s-namespace-limit-range", "k8s-container-limits"],
    ],
    ["Network separation", "The control plane is closed", ["eks-public-endpoint-limited"]],
    [
      "Network separation",
      "Encrypted traffic, secrets at rest",
      ["no-plain-connection", "eks-secrets-encrypted"],
    ],
    [
      "Authentication",
      "No anonymous access, roles by need",
      ["k8s-rbac-no-anonymous", "k8s-rbac-no-wildcard", "k8s-rbac-no-escalation"],
    ],
    ["Audit logging", "Audit logs are on and kept", ["eks-hardened", "logs-audit-kept"]],
    ["Threat detection", "Alerts by a SIEM", "Not of a stack: GuardDuty and Security Hub are the account's."],
    ["Upgrading", "Supported versions", ["eks-hardened", "rds-engine-lifecycle"]],
  ],
};
