import type { Policies } from "@pulumi/policy";
import { frameworks } from "../lib/control";
import { onEachContainer } from "./standard";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** Controls of the restricted level for users and privileges of containers. */
export const security: Policies = [
  onEachContainer({
    name: "k8s-run-as-non-root",
    description: "Containers must not run as root.",
    severity: "critical",
    remediation: "Set securityContext.runAsNonRoot to true on the pod or the container.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-root-user",
    description: "Containers must not set runAsUser to 0.",
    severity: "critical",
    remediation: "Set securityContext.runAsUser to the numeric user ID of the image, above 0.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-privilege-escalation",
    description: "Containers must not allow privilege escalation.",
    severity: "high",
    remediation: "Set securityContext.allowPrivilegeEscalation to false.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-privileged",
    description: "Containers must not be privileged.",
    severity: "critical",
    remediation: "Remove securityContext.privileged.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-capabilities-dropped",
    description: "Containers must drop all capabilities, and may add NET_BIND_SERVICE only.",
    severity: "high",
    remediation:
      'Set securityContext.capabilities.drop to ["ALL"], and remove capabilities other than NET_BIND_SERVICE from securityContext.capabilities.add.',
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-seccomp-profile",
    description: "Containers must use a seccomp profile.",
    severity: "high",
    remediation: "Set securityContext.seccompProfile.type to RuntimeDefault on the pod.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-read-only-root-filesystem",
    description: "Containers must have a read-only root filesystem.",
    severity: "medium",
    remediation:
      "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir volume at paths that the container writes to.",
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  }),
  onEachContainer({
    name: "k8s-default-proc-mount",
    description: "Containers must use the default /proc mount.",
    severity: "high",
    remediation: "Remove securityContext.procMount.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-confined",
    description: "Containers must not disable AppArmor or SELinux.",
    severity: "high",
    remediation:
      "Remove the appArmorProfile type Unconfined, and user and role in seLinuxOptions. In seLinuxOptions.type, use container_t, container_init_t, container_kvm_t or container_engine_t.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-probe-host",
    description: "Probes and lifecycle hooks must not set a host.",
    severity: "medium",
    remediation: "Remove host from the probe or hook. The default is the pod's IP address.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-host-process",
    description: "Pods must not run as Windows HostProcess pods.",
    severity: "critical",
    remediation: "Remove securityContext.windowsOptions.hostProcess.",
    url,
    framework,
  }),
];
