import type { PublishedStandard } from "./standard";

const autoMode = "EKS Auto Mode: AWS manages and patches the nodes, which allow no direct access.";

export const cisEks: PublishedStandard = {
  name: "CIS Amazon EKS Benchmark 1.8",
  url: "https://www.cisecurity.org/benchmark/kubernetes",
  controls: [
    ["2.1.1", "Audit logs are enabled", ["eks-audit-logs"]],
    ["2.1.2", "Audit logs are collected and managed", ["eks-audit-logs", "logs-audit-kept"]],
    ["3.1, 3.2", "Files of the worker nodes and the kubelet are secured", autoMode],
    ["4.1.1", "The cluster-admin role is only used where required", ["k8s-rbac-no-cluster-admin"]],
    ["4.1.2", "Access to Secrets is minimized", ["k8s-rbac-secrets-by-namespace"]],
    ["4.1.3", "Wildcard use in Roles and ClusterRoles is minimized", ["k8s-rbac-no-wildcard"]],
    [
      "4.1.4",
      "Access to create pods is minimized",
      "Operators create jobs in the systems' namespaces: `operatorRules` in components/cluster/people-roles.ts, tested against a real API server.",
    ],
    ["4.1.5", "Default service accounts are not actively used", ["k8s-own-service-account"]],
    [
      "4.1.6",
      "Service account tokens are only mounted where necessary",
      ["k8s-no-api-token", "k8s-account-without-token"],
    ],
    [
      "4.1.7",
      "The cluster uses access entries instead of aws-auth",
      ["eks-access-by-api", "eks-no-creator-admin"],
    ],
    ["4.1.8", "The permissions bind, impersonate and escalate are limited", ["k8s-rbac-no-escalation"]],
    [
      "4.1.9",
      "Access to create PersistentVolumes is minimized",
      "No role of the stack can. Add-ons and operators have their own roles.",
    ],
    [
      "4.1.10–4.1.12",
      "Access to nodes/proxy, webhook configurations and token creation is minimized",
      ["k8s-rbac-no-escalation"],
    ],
    [
      "4.2.1–4.2.5",
      "Privileged containers and host namespaces are minimized",
      ["k8s-no-privileged", "k8s-no-host-namespaces", "k8s-no-privilege-escalation"],
    ],
    ["4.3.1, 5.4.4", "The CNI plugin enforces NetworkPolicies", ["k8s-network-policies-enforced"]],
    ["4.3.2", "All namespaces have NetworkPolicies", ["k8s-namespace-default-deny"]],
    [
      "4.4.1",
      "Secrets are used as files rather than environment variables",
      "The systems' images read environment variables: docs/image-contract.md.",
    ],
    ["4.4.2", "External secret storage is used", ["k8s-no-literal-secret", "secrets-synced-by-name"]],
    ["4.5.1", "Namespaces separate resources", ["k8s-namespace-default-deny", "k8s-namespace-restricted"]],
    ["4.5.2", "The default namespace is not used", ["k8s-namespace-default-deny"]],
    ["5.1.1", "Image vulnerability scanning is enabled", ["ecr-scan-on-push"]],
    ["5.1.2", "User access to Amazon ECR is minimized", "An account-wide permission that no stack grants."],
    ["5.1.3", "Cluster access to Amazon ECR is read-only", ["iam-resources-named", "eks-nodes-private"]],
    [
      "5.1.4",
      "Only approved container registries are used",
      ["k8s-image-registry", "k8s-image-pinned", "k8s-image-by-digest"],
    ],
    ["5.2.1", "Service accounts have dedicated IAM roles", ["eks-pod-identity-named"]],
    ["5.3.1", "Kubernetes Secrets are encrypted with KMS keys", ["eks-secrets-encrypted"]],
    [
      "5.4.1, 5.4.2",
      "Access to the control plane endpoint is restricted",
      ["eks-public-endpoint-limited", "eks-private-endpoint"],
    ],
    ["5.4.3", "Nodes are private", ["eks-nodes-private", "ec2-no-automatic-public-ip"]],
    [
      "5.4.5",
      "Traffic to HTTPS load balancers is encrypted with TLS",
      ["k8s-ingress-https", "k8s-ingress-certificate"],
    ],
    ["5.5.1", "Users authenticate with IAM", ["eks-access-by-api", "eks-no-creator-admin"]],
  ],
};

export const podSecurity: PublishedStandard = {
  name: "Kubernetes Pod Security Standards, restricted",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  controls: [
    ["HostProcess", "Windows HostProcess containers are disallowed", ["k8s-no-host-process"]],
    ["Host Namespaces", "Sharing the host namespaces is disallowed", ["k8s-no-host-namespaces"]],
    ["Privileged Containers", "Privileged containers are disallowed", ["k8s-no-privileged"]],
    [
      "Capabilities",
      "All capabilities are dropped, and only NET_BIND_SERVICE may be added",
      ["k8s-capabilities-dropped"],
    ],
    ["HostPath Volumes, Volume Types", "Only the permitted volume types are used", ["k8s-volume-types"]],
    ["Host Ports", "Host ports are disallowed", ["k8s-no-host-ports"]],
    [
      "Host Probes / Lifecycle Hooks",
      "The host field of probes and lifecycle hooks is disallowed",
      ["k8s-no-probe-host"],
    ],
    ["AppArmor, SELinux", "AppArmor and SELinux are not disabled", ["k8s-confined"]],
    ["/proc Mount Type", "The default /proc mask is used", ["k8s-default-proc-mount"]],
    ["Seccomp", "The seccomp profile is RuntimeDefault or Localhost", ["k8s-seccomp-profile"]],
    ["Sysctls", "Only the safe subset of sysctls is used", ["k8s-safe-sysctls"]],
    ["Privilege Escalation", "Privilege escalation is disallowed", ["k8s-no-privilege-escalation"]],
    ["Running as Non-root", "Containers run as non-root users", ["k8s-run-as-non-root"]],
    ["Running as Non-root user", "Containers don't set runAsUser to 0", ["k8s-no-root-user"]],
    [
      "Admission",
      "Namespaces enforce the restricted level",
      ["k8s-namespace-restricted", "k8s-namespace-pod-security"],
    ],
  ],
};

export const nsa: PublishedStandard = {
  name: "NSA/CISA Kubernetes Hardening Guide 1.2",
  url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  controls: [
    [
      "Pod security",
      "Non-root containers, immutable root filesystems, no privileged containers",
      ["k8s-run-as-non-root", "k8s-read-only-root-filesystem", "k8s-no-privileged"],
    ],
    [
      "Pod security",
      "Service account tokens are only mounted where necessary",
      ["k8s-no-api-token", "k8s-account-without-token"],
    ],
    [
      "Pod security",
      "Images come from trusted repositories and are scanned",
      ["k8s-image-registry", "ecr-scan-on-push"],
    ],
    [
      "Pod security",
      "Admission control enforces pod security",
      ["k8s-admission-bound", "k8s-admission-denies", "k8s-admission-validates"],
    ],
    [
      "Network separation",
      "Default deny for ingress and egress",
      [
        "k8s-namespace-default-deny",
        "k8s-network-policy-closed",
        "k8s-network-policy-whole",
        "k8s-network-policy-within",
      ],
    ],
    [
      "Network separation",
      "ResourceQuotas and LimitRanges",
      ["k8s-namespace-quota", "k8s-namespace-limit-range", "k8s-container-limits"],
    ],
    ["Network separation", "Access to the control plane is restricted", ["eks-public-endpoint-limited"]],
    [
      "Network separation",
      "Traffic, and Secrets at rest, are encrypted",
      ["no-plain-connection", "eks-secrets-encrypted"],
    ],
    [
      "Authentication",
      "No anonymous access, least privilege roles",
      ["k8s-rbac-no-anonymous", "k8s-rbac-no-wildcard", "k8s-rbac-no-escalation"],
    ],
    ["Audit logging", "Audit logs are enabled and retained", ["eks-hardened", "logs-audit-kept"]],
    ["Threat detection", "A SIEM sends alerts", "GuardDuty and Security Hub are account-wide."],
    ["Upgrading", "Supported versions are used", ["eks-hardened", "rds-engine-lifecycle"]],
  ],
};
