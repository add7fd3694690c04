import type { Policies } from "@pulumi/policy";
import { frameworks } from "../lib/control";
import { each, ifUnknown, isGiven, shown } from "../lib/wire";
import { onContainers, onPods } from "./pods";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** Volume types of the `restricted` level. hostPath is not among them. */
const volumeTypes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** Sysctls that the Pod Security Standards count as safe: they touch the pod's own namespaces only. */
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_syncookies",
]);

/** The `restricted` level's rules on what of the node a pod may see, and how it is known to the API server. */
export const host: Policies = [
  onPods(
    {
      name: "k8s-no-host-namespaces",
      description: "No pod shares the node's network, processes or IPC.",
      severity: "critical",
      remediation: "Remove hostNetwork, hostPID and hostIPC from the pod.",
      url,
      framework,
    },
    (spec, { report }) =>
      each(["hostNetwork", "hostPID", "hostIPC"] as const, (field) => {
        if (spec[field]) report(`${field} is true; it must be false or absent.`);
      }),
  ),
  onContainers(
    {
      name: "k8s-no-host-ports",
      description: "No container takes a port of its node.",
      severity: "high",
      remediation: "Remove hostPort; a Service reaches the container's own port.",
      url,
      framework,
    },
    (container, { report }) =>
      each(container.ports, (port) => {
        if (port.hostPort)
          report(`port ${port.containerPort} has hostPort ${port.hostPort}; none is allowed.`);
      }),
  ),
  onPods(
    {
      name: "k8s-volume-types",
      description: "Pods mount only volumes of the restricted level's types; hostPath is none of them.",
      severity: "high",
      remediation: `Use one of ${[...volumeTypes].join(", ")}.`,
      url,
      framework,
    },
    (spec, { report }) =>
      each(spec.volumes, (volume) => {
        const types = Object.keys(volume).filter(
          (key) => key !== "name" && isGiven(volume, key as "emptyDir"),
        );
        const excess = types.filter((type) => !volumeTypes.has(type));
        if (excess.length > 0) report(`volume "${volume.name}" is of type ${excess.join(", ")}.`);
      }),
  ),
  onPods(
    {
      name: "k8s-safe-sysctls",
      description: "Pods set only safe sysctls.",
      severity: "high",
      remediation: `Allowed are ${[...safeSysctls].join(", ")}.`,
      url,
      framework,
    },
    (spec, { report }) =>
      each(spec.securityContext?.sysctls, (sysctl) => {
        if (!safeSysctls.has(sysctl.name ?? "")) report(`sysctl ${shown(sysctl.name)} is not safe.`);
      }),
  ),
  onPods(
    {
      name: "k8s-own-service-account",
      description: "Every pod runs under a service account of its own, not the namespace's default.",
      severity: "medium",
      remediation: "Make a ServiceAccount for the workload and name it in serviceAccountName.",
      url: "https://kubernetes.io/docs/concepts/security/service-accounts/",
    },
    (spec, { report }) => {
      if (!isGiven(spec, "serviceAccountName")) report("serviceAccountName is not set, so it is `default`.");
      // One that is known only after `up` is made by the stack, so it is not the namespace's own.
      else if (ifUnknown(false, () => spec.serviceAccountName === "default")) {
        report("serviceAccountName is `default`.");
      }
    },
  ),
  onPods(
    {
      name: "k8s-no-api-token",
      description: "A pod holds no token for the Kubernetes API unless it says that it needs one.",
      severity: "medium",
      remediation:
        'Set automountServiceAccountToken to false on the pod; a workload that calls the API annotates its pods with plinth/kubernetes-api: "true". Pod Identity needs no such token.',
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    },
    (spec, { template, report }) => {
      if (template.metadata?.annotations?.["plinth/kubernetes-api"] === "true") return;
      const found = spec.automountServiceAccountToken;
      if (found !== false) report(`automountServiceAccountToken is ${shown(found)}; it must be false.`);
    },
  ),
];
