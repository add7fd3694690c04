import { hostReader } from "../../../standards/host-access";
import { thirdPartyImages } from "../../../standards/images";
import { largest } from "../../../standards/pods";
import { ApiError } from "../client";
import type { Cluster } from "../cluster";
import { ofKind } from "../manifests";
import { settle } from "../settle";
import { type Container, type KubeObject, nameOf, type PodSpec, type PodTemplate } from "../types";
import type { Check, Finding } from "./check";
import { isPodSecurity, refusalOf, refusedPods, tryPod } from "./pods";

/** A pod that meets Pod Security and the admission policies, so the server only refuses it because of resources. */
function trial(resources?: Container["resources"], count = 1): PodTemplate {
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const image = `${thirdPartyImages[0]}:1`;
  const container = { name: "trial", image, securityContext, ...(resources && { resources }) };
  const names = Array.from({ length: count }, (_, index) => `trial-${index}`);
  return { spec: { containers: names.map((name) => ({ ...container, name })) } };
}

/** Number of containers: together they exceed any namespace's quota, while each is within the admission policies. */
const MANY = 128;

/** Every namespace has a quota, defaults for containers without limits, and admits its own pods. */
export const guards: Check = {
  name: "quotas and limit ranges are on",
  async run({ cluster, objects }) {
    const namespaces = ofKind<KubeObject>(objects, "Namespace");
    await quotasCounted(cluster);
    const open = (await Promise.all(namespaces.map((namespace) => examine(cluster, namespace)))).flat();
    const { examined, findings } = await refusedPods(cluster, objects, (refusal) => !isPodSecurity(refusal));
    return { examined: namespaces.length + examined, findings: [...open, ...findings] };
  },
};

/** A quota is enforced only after the quota controller has counted existing objects. */
async function quotasCounted(cluster: Cluster): Promise<void> {
  await settle(async () => {
    const quotas = await cluster.list<KubeObject & { status?: { hard?: object } }>("v1", "ResourceQuota");
    const uncounted = quotas.filter(({ status }) => status?.hard === undefined);
    return { done: uncounted.length === 0, state: String(uncounted.length) };
  });
}

async function examine(cluster: Cluster, namespace: KubeObject): Promise<Finding[]> {
  const object = nameOf(namespace);
  const { name } = namespace.metadata;
  const findings: Finding[] = [];
  const quotas = await cluster.list("v1", "ResourceQuota", name);
  if (quotas.length === 0) findings.push({ object, message: "has no ResourceQuota" });
  const limits = await cluster.list("v1", "LimitRange", name);
  if (limits.length === 0) findings.push({ object, message: "has no LimitRange" });
  if (findings.length > 0) return findings;

  const refusal = await refusalOf(cluster, name, trial({ requests: largest, limits: largest }, MANY));
  if (refusal === undefined)
    findings.push({ object, message: "neither quota nor limit range refuses a pod of 1024 cores" });
  // Only the collector's own pods are admitted there.
  if (name === hostReader.namespace) return findings;
  const unlimited = await unlimitedContainers(cluster, name);
  if (unlimited !== undefined) findings.push({ object, message: unlimited });
  return findings;
}

/** A container without requests and limits must get them from the limit range. */
async function unlimitedContainers(cluster: Cluster, namespace: string): Promise<string | undefined> {
  const admitted = await tryPod(cluster, namespace, trial());
  if (admitted instanceof ApiError) return `a container without amounts isn't admitted: ${admitted.message}`;
  const { limits = {}, requests = {} } = (admitted.spec as PodSpec).containers[0]?.resources ?? {};
  const missing = ["cpu", "memory"].flatMap((name) => [
    ...(limits[name] === undefined ? [`limits.${name}`] : []),
    ...(requests[name] === undefined ? [`requests.${name}`] : []),
  ]);
  return missing.length === 0
    ? undefined
    : `its limit range gives a container without amounts no ${missing.join(", ")}`;
}
