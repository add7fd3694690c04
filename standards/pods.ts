import type { Demand, Standard } from "./demands";
import { anyAccount, known, pinned, thirdPartyImages } from "./images";
import { absent, containing, is, keysOf, not, onlyOf, quantityUpTo, unlessSet } from "./tests";

/**
 * Maximum resources of one container; a larger number is probably a mistake: half of the largest node, and a node's
 * disk.
 */
export const largest = { cpu: "8", memory: "16Gi", "ephemeral-storage": "50Gi" } as const;

/** Volume types of the `restricted` level. hostPath isn't one of them. */
export const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Sysctls that the Pod Security Standards count as safe: they only affect the pod's own namespaces. */
export const safeSysctls = [
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
];

const amounts = (side: "requests" | "limits"): Demand[] =>
  Object.entries(largest).map(([amount, most]) => ({
    path: `resources.${side}.${amount}`,
    test: quantityUpTo(most),
  }));

const hosts = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];

/** Demands on each container of a pod, including init containers. Source: Pod Security Standards, `restricted`. */
export const containers: Standard = {
  "k8s-container-requests": amounts("requests"),
  "k8s-container-limits": amounts("limits"),
  "k8s-image-registry": [{ path: "image", test: known(anyAccount, thirdPartyImages) }],
  "k8s-image-pinned": pinned.map((test) => ({ path: "image", test })),
  "k8s-run-as-non-root": [{ path: "securityContext.runAsNonRoot", test: is(true), orPod: true }],
  "k8s-no-root-user": [{ path: "securityContext.runAsUser", test: not(0), orPod: true }],
  "k8s-no-privilege-escalation": [{ path: "securityContext.allowPrivilegeEscalation", test: is(false) }],
  "k8s-no-privileged": [{ path: "securityContext.privileged", test: unlessSet(false) }],
  "k8s-capabilities-dropped": [
    { path: "securityContext.capabilities.drop", test: containing("ALL") },
    { path: "securityContext.capabilities.add", test: onlyOf("NET_BIND_SERVICE") },
  ],
  "k8s-seccomp-profile": [
    { path: "securityContext.seccompProfile.type", test: is("RuntimeDefault", "Localhost"), orPod: true },
  ],
  "k8s-read-only-root-filesystem": [{ path: "securityContext.readOnlyRootFilesystem", test: is(true) }],
  "k8s-default-proc-mount": [{ path: "securityContext.procMount", test: unlessSet("Default") }],
  "k8s-confined": [
    { path: "securityContext.appArmorProfile.type", test: not("Unconfined"), orPod: true },
    {
      path: "securityContext.seLinuxOptions.type",
      test: unlessSet("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"),
      orPod: true,
    },
    { path: "securityContext.seLinuxOptions.user", test: unlessSet(""), orPod: true },
    { path: "securityContext.seLinuxOptions.role", test: unlessSet(""), orPod: true },
  ],
  "k8s-no-probe-host": hosts.flatMap((asker) =>
    ["httpGet", "tcpSocket"].map((way) => ({ path: `${asker}.${way}.host`, test: unlessSet("") })),
  ),
  "k8s-no-host-process": [
    { path: "securityContext.windowsOptions.hostProcess", test: unlessSet(false), orPod: true },
  ],
  "k8s-no-host-ports": [{ path: "ports[].hostPort", test: unlessSet(0) }],
};

/** Demands on a pod as a whole. */
export const pods: Standard = {
  "k8s-no-host-namespaces": ["hostNetwork", "hostPID", "hostIPC"].map((path) => ({
    path,
    test: unlessSet(false),
  })),
  "k8s-volume-types": [{ path: "volumes[]", test: keysOf("name", ...volumeTypes) }],
  "k8s-safe-sysctls": [{ path: "securityContext.sysctls[].name", test: is(...safeSysctls) }],
};

/**
 * Demands on a pod template: `kubectl debug` adds a container to a running pod, which admission policies don't check.
 */
export const templates: Standard = {
  "k8s-no-ephemeral-containers": [{ path: "ephemeralContainers", test: absent }],
};
