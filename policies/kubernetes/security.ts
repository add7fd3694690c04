import type { Policies } from "@pulumi/policy";
import { frameworks } from "../lib/control";
import { onEachContainer } from "./standard";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** The `restricted` level's rules on processes: a container's user and privileges. */
export const security: Policies = [
  onEachContainer({
    name: "k8s-run-as-non-root",
    description: "No container may start as root.",
    severity: "critical",
    remediation: "Set securityContext.runAsNonRoot to true on the pod or the container.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-root-user",
    description: "No container names user 0.",
    severity: "critical",
    remediation: "Set securityContext.runAsUser to the image's own numeric user, above 0.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-privilege-escalation",
    description: "No container allows privilege escalation.",
    severity: "high",
    remediation: "Set securityContext.allowPrivilegeEscalation to false on the container.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-privileged",
    description: "No container is privileged.",
    severity: "critical",
    remediation: "Remove securityContext.privileged, and add the needed capabilities.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-capabilities-dropped",
    description: "Every container drops all capabilities and adds at most NET_BIND_SERVICE.",
    severity: "high",
    remediation: "Set securityContext.capabilities.drop to [ALL]; add nothing but NET_BIND_SERVICE.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-seccomp-profile",
    description: "Every container runs under a seccomp profile.",
    severity: "high",
    remediation: "Set securityContext.seccompProfile.type to RuntimeDefault on the pod.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-read-only-root-filesystem",
    description: "No container may write to its own image.",
    severity: "medium",
    remediation: "Set securityContext.readOnlyRootFilesystem to true; mount an emptyDir where it must write.",
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  }),
  onEachContainer({
    name: "k8s-default-proc-mount",
    description: "Every container keeps the masked /proc.",
    severity: "high",
    remediation: "Remove securityContext.procMount.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-confined",
    description: "No container disables AppArmor or SELinux.",
    severity: "high",
    remediation:
      "Remove appArmorProfile Unconfined, SELinux user and role, and types beside the container ones.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-probe-host",
    description: "No probe or lifecycle hook names a host.",
    severity: "medium",
    remediation: "Remove `host` from the probe: the default is the pod itself.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-host-process",
    description: "No pod runs as a Windows host process.",
    severity: "critical",
    remediation: "Remove windowsOptions.hostProcess.",
    url,
    framework,
  }),
];
