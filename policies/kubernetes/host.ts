import type { Policies } from "@pulumi/policy";
import { hostReader } from "../../standards/host-access";
import { frameworks, onTypes } from "../lib/control";
import { safeSysctls, volumeTypes } from "../../standards/pods";
import { ifUnknown, isGiven, plain, shown } from "../lib/wire";
import { makesPods, onPods, podTemplate, type PodOwner } from "./pods";
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
  onTypes<PodOwner>(
    makesPods,
    {
      name: "k8s-host-reader-bounded",
      description:
        "In the log collector's privileged namespace stands the collector alone, with its two host paths, unprivileged.",
      severity: "critical",
      remediation: `Put other workloads elsewhere; the collector mounts ${Object.keys(hostReader.paths).join(" and ")}.`,
      url,
    },
    (props, { args, report }) => {
      const owner = plain(props) as PodOwner;
      if (owner.metadata?.namespace !== hostReader.namespace) return;
      if (!args.type.endsWith(`:${hostReader.kind}`) || owner.metadata.name !== hostReader.workload) {
        report(`${args.type} ${shown(owner.metadata.name)} stands in namespace ${hostReader.namespace}.`);
        return;
      }
      const spec = podTemplate(args.type, owner)?.spec;
      const paths: Readonly<Record<string, { readonly readOnly: boolean } | undefined>> = hostReader.paths;
      for (const { name, hostPath } of spec?.volumes ?? []) {
        if (hostPath === undefined) continue;
        const allowed = paths[String(hostPath.path)];
        if (allowed === undefined) report(`volume ${shown(name)} is the host path ${shown(hostPath.path)}.`);
        const mounts = (spec?.containers ?? []).flatMap(({ volumeMounts = [] }) => volumeMounts);
        const writable = mounts.some((mount) => mount.name === name && mount.readOnly !== true);
        if (allowed?.readOnly === true && writable)
          report(`the host path ${shown(hostPath.path)} is not mounted read-only.`);
      }
    },
  ),
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
