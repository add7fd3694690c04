import type { Cluster } from "../cluster";
import { ownersIn } from "../readiness";
import { selects } from "../selectors";
import { type KubeObject, nameOf, type Service } from "../types";
import type { Finding } from "./check";

interface EndpointSlice extends KubeObject {
  endpoints: { conditions?: { ready?: boolean } }[] | null;
}

/** Services with several pods, which must survive the loss of some. */
export async function servedByMany(cluster: Cluster): Promise<Service[]> {
  const { scaled } = await ownersIn(cluster);
  const services = await cluster.list<Service>("v1", "Service");
  return services.filter(({ metadata, spec }) =>
    scaled.some(
      (workload) =>
        workload.metadata.namespace === metadata.namespace &&
        (workload.spec.replicas ?? 1) > 1 &&
        spec.selector !== undefined &&
        selects({ matchLabels: spec.selector }, workload.spec.template.metadata?.labels),
    ),
  );
}

/** Services that have no ready pod now. */
export async function outages(
  cluster: Cluster,
  services: readonly Service[],
  zone: string,
): Promise<Finding[]> {
  const slices = await cluster.list<EndpointSlice>("discovery.k8s.io/v1", "EndpointSlice");
  return services
    .filter((service) => !slices.some((slice) => belongs(slice, service) && hasReady(slice)))
    .map((service) => ({ object: nameOf(service), message: `no ready endpoint while ${zone} was drained` }));
}

function belongs({ metadata }: EndpointSlice, service: Service): boolean {
  return (
    metadata.namespace === service.metadata.namespace &&
    metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name
  );
}

function hasReady({ endpoints }: EndpointSlice): boolean {
  return (endpoints ?? []).some(({ conditions }) => conditions?.ready === true);
}
