import type { Policies } from "@pulumi/policy";
import { frameworks } from "../lib/control";
import { safeSysctls, volumeTypes } from "../../standards/pods";
import { ifUnknown, isGiven, shown } from "../lib/wire";
import { onPods } from "./pods";
import { onEachContainer, onEachPod } from "./standard";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** The `restricted` level's rules on access to the node, and rules on service accounts. */
export const host: Policies = [
  onEachPod({
    name: "k8s-no-host-namespaces",
    description: "No pod shares the node's network, processes or IPC.",
    severity: "critical",
    remediation: "Remove hostNetwork, hostPID and hostIPC from the pod.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-host-ports",
    description: "No container uses a host port.",
    severity: "high",
    remediation: "Remove hostPort; a Service reaches the container's own port.",
    url,
    framework,
  }),
  onEachPod({
    name: "k8s-volume-types",
    description: "Pods mount only volumes of the restricted level's types; hostPath isn't one of them.",
    severity: "high",
    remediation: `Use one of ${volumeTypes.join(", ")}.`,
    url,
    framework,
  }),
  onEachPod({
    name: "k8s-safe-sysctls",
    description: "Pods set only safe sysctls.",
    severity: "high",
    remediation: `Allowed are ${safeSysctls.join(", ")}.`,
    url,
    framework,
  }),
  onPods(
    {
      name: "k8s-own-service-account",
      description: "Every pod runs under a service account of its own, not the namespace's default.",
      severity: "medium",
      remediation: "Create a ServiceAccount for the workload and set serviceAccountName.",
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
      description: "A pod mounts no token for the Kubernetes API unless it declares that it needs one.",
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
