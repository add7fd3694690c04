import type { Policies } from "@pulumi/policy";
import { largest } from "../../standards/pods";
import { quantity } from "../../standards/quantity";
import { each, isGiven, shown } from "../lib/wire";
import { onContainers, onPods, runsOn } from "./pods";
import { onEachContainer, onEachPod } from "./standard";
import type { Container } from "./types";

const resourcesUrl = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";
const probesUrl =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";

/** Policies for containers: resources, images and probes. */
export const containers: Policies = [
  onEachContainer({
    name: "k8s-container-requests",
    description: "Containers must set resource requests for CPU, memory and ephemeral storage.",
    severity: "high",
    remediation: "Set cpu, memory and ephemeral-storage in resources.requests.",
    url: resourcesUrl,
  }),
  onEachContainer({
    name: "k8s-container-limits",
    description: "Containers must set resource limits for CPU, memory and ephemeral storage.",
    severity: "high",
    remediation: "Set cpu, memory and ephemeral-storage in resources.limits.",
    url: resourcesUrl,
  }),
  onContainers(
    {
      name: "k8s-container-requests-within-limits",
      description: "Resource requests of containers must not exceed their limits.",
      severity: "medium",
      remediation: "Lower the request or raise the limit. Otherwise, the API server rejects the pod.",
      url: resourcesUrl,
    },
    (container, { report }) =>
      each(Object.keys(largest) as (keyof typeof largest)[], (amount) => {
        const request = container.resources?.requests?.[amount];
        const limit = container.resources?.limits?.[amount];
        const [asked, allowed] = [quantity(request), quantity(limit)];
        if (asked === undefined || allowed === undefined) return;
        if (asked > allowed)
          report(`resources.requests.${amount} is ${request}; it must not exceed the limit ${limit}.`);
      }),
  ),
  onEachPod({
    name: "k8s-no-ephemeral-containers",
    description: "Pods must not declare ephemeral containers, which can't have resource limits.",
    severity: "medium",
    remediation: "Remove ephemeralContainers. To debug a running pod, use `kubectl debug`.",
    url: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
  }),
  onEachContainer({
    name: "k8s-image-pinned",
    description: "Container images must be pinned to a version.",
    severity: "high",
    remediation: "Use a version tag or, better, a sha256 digest. Don't use the tag latest.",
    url: "https://kubernetes.io/docs/concepts/containers/images/",
  }),
  onPods(
    {
      name: "k8s-empty-dir-bounded",
      description: "Volumes of type emptyDir must have a size limit.",
      severity: "medium",
      remediation: "Set emptyDir.sizeLimit. A pod that exceeds it is evicted before it affects other pods.",
      url: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    },
    (spec, { report }) =>
      each(spec.volumes, ({ name, emptyDir }) => {
        if (emptyDir && !((quantity(emptyDir.sizeLimit) ?? 0) > 0))
          report(
            `emptyDir.sizeLimit of the volume "${name}" is ${shown(emptyDir.sizeLimit)}; it must be above 0.`,
          );
      }),
  ),
  probe("liveness", "so that Kubernetes restarts a hung container"),
  probe("readiness", "so that the pod gets traffic only when it can respond"),
  onPods(
    {
      name: "k8s-worker-liveness-probe",
      description: "Long-running containers without ports should have a liveness probe.",
      // Only the image's authors know a command that distinguishes a hung worker from an idle one.
      level: "advisory",
      severity: "low",
      remediation: "Set livenessProbe.exec to a command of the image that checks the process.",
      url: probesUrl,
    },
    (spec, { report }) =>
      each(spec.containers, (container) => {
        if (serves(container) || isGiven(container, "livenessProbe")) return;
        report(`container "${container.name}" has neither ports nor a livenessProbe.`);
      }),
    runsOn,
  ),
];

/** True for a container that declares a port, which can be probed. */
const serves = (container: Container) => (container.ports?.length ?? 0) > 0;

function probe(kind: "liveness" | "readiness", purpose: string) {
  return onPods(
    {
      name: `k8s-${kind}-probe`,
      description: `Long-running containers with ports must have a ${kind} probe.`,
      severity: "medium",
      remediation: `Set ${kind}Probe, ${purpose}. Use the documented health endpoint, a TCP check or a command.`,
      url: probesUrl,
    },
    (spec, { report }) =>
      each(spec.containers, (container) => {
        if (!serves(container) || isGiven(container, `${kind}Probe`)) return;
        report(`container "${container.name}" has ports, but no ${kind}Probe.`);
      }),
    runsOn,
  );
}
