import { ApiError } from "../client";
import type { Cluster } from "../cluster";
import { type KubeObject, nameOf, type PodTemplate } from "../types";
import { workloadsOf } from "../workloads";
import type { Finding } from "./check";

/** Creates a pod as a dry run: returns the admitted pod, or the refusal. */
export async function tryPod(
  cluster: Cluster,
  namespace: string,
  template: PodTemplate,
): Promise<KubeObject | ApiError> {
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plinth-trial", namespace, labels: template.metadata?.labels },
    spec: template.spec,
  };
  try {
    return (await cluster.create(pod, { dryRun: true })).body;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** The server's refusal of a pod; undefined if it is admitted. */
export async function refusalOf(
  cluster: Cluster,
  namespace: string,
  template: PodTemplate,
): Promise<string | undefined> {
  const answer = await tryPod(cluster, namespace, template);
  return answer instanceof ApiError ? answer.message : undefined;
}

/** Refusals of a pod of every workload whose message matches. */
export async function refusedPods(
  cluster: Cluster,
  objects: readonly KubeObject[],
  isOfSort: (refusal: string) => boolean,
): Promise<{ examined: number; findings: Finding[] }> {
  const workloads = workloadsOf(objects);
  const findings: Finding[] = [];
  for (const { object, template } of workloads) {
    // A manifest without a namespace is created in `default`.
    const namespace = object.metadata.namespace ?? "default";
    const refusal = await refusalOf(cluster, namespace, withClaims(object, template));
    if (refusal !== undefined && isOfSort(refusal))
      findings.push({ object: nameOf(object), message: refusal });
  }
  return { examined: workloads.length, findings };
}

export const isPodSecurity = (refusal: string): boolean => refusal.includes("violates PodSecurity");

/** A StatefulSet adds a volume per claim template to its pods. */
function withClaims(object: KubeObject, template: PodTemplate): PodTemplate {
  const { volumeClaimTemplates: claims = [] } = object.spec as { volumeClaimTemplates?: KubeObject[] };
  const volumes = claims.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: name },
  }));
  return { ...template, spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...volumes] } };
}
