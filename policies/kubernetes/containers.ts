import type { Policies } from "@pulumi/policy";
import { quantity } from "../lib/quantity";
import { each, isGiven, shown } from "../lib/wire";
import { onContainers, onPods, runsOn } from "./pods";
import type { Container } from "./types";

const resourcesUrl = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";
const probesUrl =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";
const amounts = ["cpu", "memory", "ephemeral-storage"] as const;
/** Cores and bytes of one container, beyond which a number is taken for a slip: half of the largest node; a node's disk. */
const largest = { cpu: 8, memory: 16 * 2 ** 30, "ephemeral-storage": 50 * 2 ** 30 };

/** What every container says of the resources it takes, the image it runs and how its health is asked. */
export const containers: Policies = [
  onContainers(
    {
      name: "k8s-container-requests",
      description: "Every container asks for the CPU, memory and node disk it needs.",
      severity: "high",
      remediation: "Set cpu, memory and ephemeral-storage in resources.requests on the container.",
      url: resourcesUrl,
    },
    (container, { report }) => requireAmounts(container, "requests", report),
  ),
  onContainers(
    {
      name: "k8s-container-limits",
      description: "Every container is limited in CPU, memory and node disk.",
      severity: "high",
      remediation: "Set cpu, memory and ephemeral-storage in resources.limits on the container.",
      url: resourcesUrl,
    },
    (container, { report }) => requireAmounts(container, "limits", report),
  ),
  onContainers(
    {
      name: "k8s-container-requests-within-limits",
      description: "No container asks for more than it is limited to.",
      severity: "medium",
      remediation: "Lower the request or raise the limit; the API server refuses the pod as it is.",
      url: resourcesUrl,
    },
    (container, { report }) =>
      each(amounts, (amount) => {
        const request = container.resources?.requests?.[amount];
        const limit = container.resources?.limits?.[amount];
        const [asked, allowed] = [quantity(request), quantity(limit)];
        if (asked === undefined || allowed === undefined) return;
        if (asked > allowed) report(`${amount} request ${request} is above its limit ${limit}.`);
      }),
  ),
  onPods(
    {
      name: "k8s-no-ephemeral-containers",
      description: "No pod is declared with ephemeral containers, which can't carry limits.",
      severity: "medium",
      remediation: "Remove ephemeralContainers; `kubectl debug` adds one to a running pod when it is needed.",
      url: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
    },
    (spec, { report }) => {
      const count = spec.ephemeralContainers?.length ?? 0;
      if (count > 0) report(`Found ${count}; none is allowed in a template.`);
    },
  ),
  onContainers(
    {
      name: "k8s-image-pinned",
      description: "Every container names the version of its image.",
      severity: "high",
      remediation: "Give the image a version tag or, better, its sha256 digest; never `latest`.",
      url: "https://kubernetes.io/docs/concepts/containers/images/",
    },
    (container, { report }) => {
      const fault = imageFault(container.image);
      if (fault) report(`${shown(container.image)} ${fault}; allowed is a version tag or a sha256 digest.`);
    },
  ),
  probe("liveness", "so that a hung one is restarted"),
  probe("readiness", "so that it takes traffic only when it can answer"),
  onPods(
    {
      name: "k8s-worker-liveness-probe",
      description: "A long-running container without a port should be watched by a command.",
      // Only its authors can say what command tells a hung worker from an idle one.
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

/** True for a container that declares a port, at which it can be asked. */
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

function requireAmounts(
  container: Container,
  side: "requests" | "limits",
  report: (message: string) => void,
): void {
  each(amounts, (amount) => {
    const found = container.resources?.[side]?.[amount];
    const value = quantity(found);
    if (value === undefined || !(value > 0)) {
      report(`resources.${side}.${amount} is ${shown(found)}; a quantity above zero is needed.`);
    } else if (value > largest[amount]) {
      report(`resources.${side}.${amount} is ${shown(found)}, more than a node has for one container.`);
    }
  });
}

/** What is wrong with an image reference: `registry:5000/name:tag@digest`, of which only name and one of the rest. */
function imageFault(image: string | undefined): string | undefined {
  if (!image) return "is no image";
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  if (image.includes("@")) return "has a digest that is none";
  const last = image.slice(image.lastIndexOf("/") + 1);
  const tag = last.split(":")[1];
  if (!tag) return "has no tag";
  return tag === "latest" ? "has the tag `latest`, which moves" : undefined;
}
