import type { Recording } from "../../preview/run-program";
import type { Labels, PodTemplate, Selector } from "../cluster/types";
import { chartServices } from "./chart-services";
import type { ClusterPod, ClusterService, Policy, World } from "./policy-resolver";
import { objects, podOwners, type Manifest } from "./objects";
import { inputsOf, specOf } from "./inputs";

type Port = ClusterPod["ports"][number];

interface Template {
  readonly metadata?: PodTemplate["metadata"];
  readonly spec: { readonly containers: readonly { readonly ports?: readonly Partial<Port>[] }[] };
}

const podOf = ({ metadata }: Manifest, template: Template): ClusterPod => ({
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  labels: template.metadata?.labels ?? {},
  ports: template.spec.containers.flatMap(({ ports = [] }) =>
    ports.map((port) => ({ protocol: "TCP", containerPort: 0, ...port })),
  ),
});

interface Templated {
  readonly template?: Template;
  readonly jobTemplate?: { readonly spec: { readonly template: Template } };
}

/** Pods of the plan's objects, one per owner. */
export const podsOf = (recording: Recording): ClusterPod[] =>
  [
    ...podOwners(recording),
    ...["DaemonSet", "Job", "CronJob"].flatMap((kind) => [...objects(recording, kind)]),
  ].flatMap(([, { manifest }]) => {
    const spec = manifest.spec as Templated;
    const template = spec.template ?? spec.jobTemplate?.spec.template;
    return template === undefined ? [] : [podOf(manifest, template)];
  });

const servicesOf = (recording: Recording): ClusterService[] =>
  [...objects(recording, "Service").values()].map(({ manifest }) => {
    const { selector, ports } = specOf<Pick<ClusterService, "selector" | "ports">>(manifest);
    return { namespace: manifest.metadata.namespace ?? "", name: manifest.metadata.name, selector, ports };
  });

export const policiesOf = (recording: Recording): Policy[] =>
  [...objects(recording, "NetworkPolicy").values()].map(({ manifest }) => {
    const spec = manifest.spec as { podSelector: Selector; egress?: Policy["egress"] };
    return {
      namespace: manifest.metadata.namespace ?? "",
      name: manifest.metadata.name,
      podSelector: spec.podSelector,
      egress: spec.egress ?? [],
    };
  });

interface Release {
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
}

/** Services and pods of a stack's charts. Throws for a version that isn't in the table. */
function charts(recording: Recording): Pick<World, "services" | "pods"> {
  const releases = recording
    .ofType("kubernetes:helm.sh/v3:Release")
    .map(({ inputs }) => inputsOf<Release>({ inputs }));
  const known = releases.map(({ chart, version, namespace }) => {
    const entry = chartServices[chart];
    if (entry?.version !== version)
      throw new Error(
        `chart ${chart} ${version}: read its Services, and put them into test/support/chart-services.ts`,
      );
    return { namespace, ...entry };
  });
  return {
    services: known.flatMap(({ namespace, services }) => services.map((each) => ({ namespace, ...each }))),
    pods: known.flatMap(({ namespace, pods }) => pods.map((each) => ({ namespace, ...each }))),
  };
}

/** The namespaces, pods, Services and policies of a stack, including its charts'. */
export function worldOf(recording: Recording): World {
  const made = charts(recording);
  const namespaces = new Map<string, Labels>();
  for (const kind of ["Namespace", "NamespacePatch"])
    for (const { manifest } of objects(recording, kind).values())
      // The API server adds this label.
      namespaces.set(manifest.metadata.name, {
        ...manifest.metadata.labels,
        "kubernetes.io/metadata.name": manifest.metadata.name,
      });
  return {
    namespaces,
    services: [...servicesOf(recording), ...made.services],
    pods: [...podsOf(recording), ...made.pods],
    policies: policiesOf(recording),
  };
}
