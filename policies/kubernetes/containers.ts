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

/** Rules on every container: resources, image and probes. */
export const containers: Policies = [
  onEachContainer({
    name: "k8s-container-requests",
    description: "Every container requests CPU, memory and ephemeral storage.",
    severity: "high",
    remediation: "Set cpu, memory and ephemeral-storage in resources.requests on the container.",
    url: resourcesUrl,
  }),
  onEachContainer({
    name: "k8s-container-limits",
    description: "Every container has limits for CPU, memory and ephemeral storage.",
    severity: "high",
    remediation: "Set cpu, memory and ephemeral-storage in resources.limits on the container.",
    url: resourcesUrl,
  }),
  onContainers(
    {
      name: "k8s-container-requests-within-limits",
      description: "No container's request is above its limit.",
      severity: "medium",
      remediation: "Lower the request or raise the limit; the API server refuses the pod as it is.",
      url: resourcesUrl,
    },
    (container, { report }) =>
      each(Object.keys(largest) as (keyof typeof largest)[], (amount) => {
        const request = container.resources?.requests?.[amount];
        const limit = container.resources?.limits?.[amount];
        const [asked, allowed] = [quantity(request), quantity(limit)];
        if (asked === undefined || allowed === undefined) return;
        if (asked > allowed) report(`${amount} request ${request} is above its limit ${limit}.`);
      }),
  ),
  onEachPod({
    name: "k8s-no-ephemeral-containers",
    description: "No pod is declared with ephemeral containers, which can't carry limits.",
    severity: "medium",
    remediation: "Remove ephemeralContainers; `kubectl debug` adds one to a running pod when it is needed.",
    url: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
  }),
  onEachContainer({
    name: "k8s-image-pinned",
    description: "Every container pins the version of its image.",
    severity: "high",
    remediation: "Give the image a version tag or, better, its sha256 digest; never `latest`.",
    url: "https://kubernetes.io/docs/concepts/containers/images/",
  }),
  onPods(
    {
      name: "k8s-empty-dir-bounded",
      description: "Every emptyDir volume has a size limit.",
      severity: "medium",
      remediation: "Set emptyDir.sizeLimit: a pod that exceeds it is evicted before it affects others.",
      url: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    },
    (spec, { report }) =>
      each(spec.volumes, ({ name, emptyDir }) => {
        if (emptyDir && !((quantity(emptyDir.sizeLimit) ?? 0) > 0))
          report(
            `volume "${name}" has sizeLimit ${shown(emptyDir.sizeLimit)}; a quantity above zero is needed.`,
          );
      }),
  ),
  probe("liveness", "so that a hung container is restarted"),
  probe("readiness", "so that it gets traffic only when it can respond"),
  onPods(
    {
      name: "k8s-worker-liveness-probe",
      description: "A long-running container without a port should be watched by a command.",
      // Only its authors know a command that distinguishes a hung worker from an idle one.
      level: "advisory",
      severity: "low",
      remediation: "Set livenessProbe.exec to a command that the image has for it.",
      url: probesUrl,
    },
    (spec, { report }) =>
      each(spec.containers, (container) => {
        if (serves(container) || isGiven(container, "livenessProbe")) return;
        report(`container "${container.name}" has neither a port nor a livenessProbe.`);
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
      description: `Every long-running container that serves a port has a ${kind} probe, ${purpose}.`,
      severity: "medium",
      remediation: `Set ${kind}Probe: the documented health path, a TCP probe where there is none, or a command.`,
      url: probesUrl,
    },
    (spec, { report }) =>
      each(spec.containers, (container) => {
        if (!serves(container) || isGiven(container, `${kind}Probe`)) return;
        report(`container "${container.name}" serves ports but has no ${kind}Probe.`);
      }),
    runsOn,
  );
}
