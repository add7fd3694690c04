import type { Policies } from "@pulumi/policy";
import { hostReader } from "../../standards/host-access";
import { frameworks, onTypes } from "../lib/control";
import { safeSysctls, volumeTypes } from "../../standards/pods";
import { ifUnknown, isGiven, plain, shown } from "../lib/wire";
import { makesPods, onPods, podTemplate, type PodOwner } from "./pods";
import { onEachContainer, onEachPod } from "./standard";

const framework = frameworks.podSecurity;
const url = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** Controls of the restricted level for access to the node, and policies for service accounts. */
export const host: Policies = [
  onEachPod({
    name: "k8s-no-host-namespaces",
    description: "Pods must not share the host namespaces.",
    severity: "critical",
    remediation: "Remove hostNetwork, hostPID and hostIPC.",
    url,
    framework,
  }),
  onEachContainer({
    name: "k8s-no-host-ports",
    description: "Containers must not use host ports.",
    severity: "high",
    remediation: "Remove hostPort, and use a Service.",
    url,
    framework,
  }),
  onEachPod({
    name: "k8s-volume-types",
    description:
      "Pods must use only the volume types of the restricted Pod Security Standard, which exclude hostPath.",
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
        "Only the log collector may run in its privileged namespace, and it must mount only its two host paths.",
      severity: "critical",
      remediation: `Run other workloads in another namespace. The log collector may mount ${Object.keys(hostReader.paths).join(" and ")}.`,
      url,
    },
    (props, { args, report }) => {
      const owner = plain(props) as PodOwner;
      if (owner.metadata?.namespace !== hostReader.namespace) return;
      if (!args.type.endsWith(`:${hostReader.kind}`) || owner.metadata.name !== hostReader.workload) {
        report(
          `${args.type} ${shown(owner.metadata.name)} is in the namespace ${hostReader.namespace}, which is for the log collector only.`,
        );
        return;
      }
      const spec = podTemplate(args.type, owner)?.spec;
      const paths: Readonly<Record<string, { readonly readOnly: boolean } | undefined>> = hostReader.paths;
      for (const { name, hostPath } of spec?.volumes ?? []) {
        if (hostPath === undefined) continue;
        const allowed = paths[String(hostPath.path)];
        if (allowed === undefined)
          report(
            `the volume ${shown(name)} mounts the host path ${shown(hostPath.path)}, which is not allowed.`,
          );
        const mounts = (spec?.containers ?? []).flatMap(({ volumeMounts = [] }) => volumeMounts);
        const writable = mounts.some((mount) => mount.name === name && mount.readOnly !== true);
        if (allowed?.readOnly === true && writable)
          report(`the host path ${shown(hostPath.path)} must be mounted read-only.`);
      }
    },
  ),
  onEachPod({
    name: "k8s-safe-sysctls",
    description: "Pods must set safe sysctls only.",
    severity: "high",
    remediation: `Use only ${safeSysctls.join(", ")}.`,
    url,
    framework,
  }),
  onPods(
    {
      name: "k8s-own-service-account",
      description: "Pods must not use the default service account.",
      severity: "medium",
      remediation: "Create a ServiceAccount for the workload, and set serviceAccountName.",
      url: "https://kubernetes.io/docs/concepts/security/service-accounts/",
    },
    (spec, { report }) => {
      if (!isGiven(spec, "serviceAccountName"))
        report("serviceAccountName is not set; it must name a service account of the workload.");
      // A service account that is known only after `up` is created by the stack, so it isn't the default one.
      else if (ifUnknown(false, () => spec.serviceAccountName === "default")) {
        report('serviceAccountName is "default"; it must name a service account of the workload.');
      }
    },
  ),
  onPods(
    {
      name: "k8s-no-api-token",
      description: "Pods must not mount an API token unless they need it.",
      severity: "medium",
      remediation:
        'Set automountServiceAccountToken to false. If the workload calls the Kubernetes API, set the pod annotation plinth/kubernetes-api to "true". EKS Pod Identity doesn\'t need this token.',
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    },
    (spec, { template, report }) => {
      if (template.metadata?.annotations?.["plinth/kubernetes-api"] === "true") return;
      const found = spec.automountServiceAccountToken;
      if (found !== false) report(`automountServiceAccountToken is ${shown(found)}; it must be false.`);
    },
  ),
];
