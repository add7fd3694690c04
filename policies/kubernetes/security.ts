import type { Policies } from "@pulumi/policy";
import { each, shown } from "../lib/wire";
import { frameworks } from "../lib/control";
import { onContainers, onPods } from "./pods";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
const seccompTypes = ["RuntimeDefault", "Localhost"];

/** The `restricted` level's rules on processes: who a container runs as and what it may do. */
export const security: Policies = [
  onContainers(
    {
      name: "k8s-run-as-non-root",
      description: "No container may start as root.",
      severity: "critical",
      remediation: "Set securityContext.runAsNonRoot to true on the pod or the container.",
      url,
      framework,
    },
    (container, { spec, report }) => {
      const found = container.securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot;
      if (found !== true) report(`runAsNonRoot is ${shown(found)}; it must be true.`);
    },
  ),
  onContainers(
    {
      name: "k8s-no-root-user",
      description: "No container names user 0.",
      severity: "critical",
      remediation: "Set securityContext.runAsUser to the image's own numeric user, above 0.",
      url,
      framework,
    },
    (container, { spec, report }) => {
      const found = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
      if (found === 0) report("runAsUser is 0, which is root; allowed is any other user, or none given.");
    },
  ),
  onContainers(
    {
      name: "k8s-no-privilege-escalation",
      description: "No process may gain more rights than its parent.",
      severity: "high",
      remediation: "Set securityContext.allowPrivilegeEscalation to false on the container.",
      url,
      framework,
    },
    (container, { report }) => {
      const found = container.securityContext?.allowPrivilegeEscalation;
      if (found !== false) report(`allowPrivilegeEscalation is ${shown(found)}; it must be false.`);
    },
  ),
  onContainers(
    {
      name: "k8s-no-privileged",
      description: "No container is privileged.",
      severity: "critical",
      remediation: "Remove securityContext.privileged, and say what the container needs by capabilities.",
      url,
      framework,
    },
    (container, { report }) => {
      if (container.securityContext?.privileged) report("privileged is true; it must be false or absent.");
    },
  ),
  onContainers(
    {
      name: "k8s-capabilities-dropped",
      description: "Every container drops all capabilities and adds at most NET_BIND_SERVICE.",
      severity: "high",
      remediation: "Set securityContext.capabilities.drop to [ALL]; add nothing but NET_BIND_SERVICE.",
      url,
      framework,
    },
    (container, { report }) => {
      const { drop, add } = container.securityContext?.capabilities ?? {};
      if (!drop?.includes("ALL")) report(`capabilities.drop is ${shown(drop)}; it must contain "ALL".`);
      const excess = add?.filter((capability) => capability !== "NET_BIND_SERVICE") ?? [];
      if (excess.length > 0)
        report(`capabilities.add has ${shown(excess)}; only NET_BIND_SERVICE is allowed.`);
    },
  ),
  onContainers(
    {
      name: "k8s-seccomp-profile",
      description: "Every container runs under a seccomp profile.",
      severity: "high",
      remediation: "Set securityContext.seccompProfile.type to RuntimeDefault on the pod.",
      url,
      framework,
    },
    (container, { spec, report }) => {
      const found = (container.securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile)?.type;
      if (!seccompTypes.includes(found ?? "")) {
        report(`seccompProfile.type is ${shown(found)}; allowed are ${seccompTypes.join(" and ")}.`);
      }
    },
  ),
  onContainers(
    {
      name: "k8s-read-only-root-filesystem",
      description: "No container may write to its own image.",
      severity: "medium",
      remediation:
        "Set securityContext.readOnlyRootFilesystem to true; mount an emptyDir where it must write.",
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    },
    (container, { report }) => {
      const found = container.securityContext?.readOnlyRootFilesystem;
      if (found !== true) report(`readOnlyRootFilesystem is ${shown(found)}; it must be true.`);
    },
  ),
  onContainers(
    {
      name: "k8s-default-proc-mount",
      description: "Every container keeps the masked /proc.",
      severity: "high",
      remediation: "Remove securityContext.procMount.",
      url,
      framework,
    },
    (container, { report }) => {
      const found = container.securityContext?.procMount;
      if ((found ?? "Default") !== "Default")
        report(`procMount is ${shown(found)}; only Default is allowed.`);
    },
  ),
  onContainers(
    {
      name: "k8s-confined",
      description: "No container steps out of AppArmor or SELinux confinement.",
      severity: "high",
      remediation:
        "Remove appArmorProfile Unconfined, SELinux user and role, and types beside the container ones.",
      url,
      framework,
    },
    (container, { spec, report }) => {
      const own = container.securityContext;
      const armor = (own?.appArmorProfile ?? spec.securityContext?.appArmorProfile)?.type;
      if (armor === "Unconfined") report("appArmorProfile.type is Unconfined; allowed is RuntimeDefault.");
      const linux = own?.seLinuxOptions ?? spec.securityContext?.seLinuxOptions;
      const types = [
        undefined,
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
      ];
      if (!types.includes(linux?.type)) report(`seLinuxOptions.type is ${shown(linux?.type)}; not allowed.`);
      if (linux?.user || linux?.role) report("seLinuxOptions sets a user or role; neither is allowed.");
    },
  ),
  onContainers(
    {
      name: "k8s-no-probe-host",
      description: "No probe or hook asks another host than its own pod.",
      severity: "medium",
      remediation: "Remove `host` from the probe: without it the pod itself is asked.",
      url,
      framework,
    },
    (container, { report }) => {
      const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
      const askers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
      each(askers, (asker) => {
        const host = asker?.httpGet?.host ?? asker?.tcpSocket?.host;
        if (host) report(`a probe or hook asks host ${shown(host)}; it must name none.`);
      });
    },
  ),
  onPods(
    {
      name: "k8s-no-host-process",
      description: "No pod runs as a Windows host process.",
      severity: "critical",
      remediation: "Remove windowsOptions.hostProcess.",
      url,
      framework,
    },
    (spec, { report }) => {
      const contexts = [spec.securityContext, ...(spec.containers ?? []).map((one) => one.securityContext)];
      if (contexts.some((context) => context?.windowsOptions?.hostProcess)) {
        report("windowsOptions.hostProcess is true; it must be absent.");
      }
    },
  ),
];
