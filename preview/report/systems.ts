import { groupBy } from "./group";
import type { PlannedResource } from "./json";
import { at, kindOf, list, PlanTree, range, text } from "./plan-tree";
import { brokerRow, storeRow, type StoreRow } from "./stores";

/** Workloads and stores of a system, with their sizes. */
export interface WorkloadRow {
  workload: string;
  image: string;
  /** `3`, or the autoscaler's `3-10`. */
  pods: string;
  /** Request and limit of the main container. */
  cpu: string;
  memory: string;
  /** `rolling`, `blue-green`, `canary 10, 50, 100 %`, `at once` where nothing runs, `at 0 3 * * *` of a job. */
  release: string;
  /** Public addresses, one a line. */
  public: string;
}

/** One system of the plan. */
export interface SystemSummary {
  name: string;
  workloads: WorkloadRow[];
  stores: StoreRow[];
}

const TYPES = {
  region: "plinth:region:Region",
  system: "plinth:system:System",
  stores: "plinth:system:Stores",
  workload: "plinth:workload:Workload",
} as const;

/** The systems of a plan, sorted by name; none in a program that has no such components. */
export function systemsOf(resources: readonly PlannedResource[]): SystemSummary[] {
  const plan = new PlanTree(resources);
  const names = (type: string, suffix: string) =>
    plan
      .ofType(type)
      .map(
        (component) =>
          [
            `${plan.ownName(component).slice(0, -suffix.length || undefined)}${suffixOf(plan, component)}`,
            component,
          ] as const,
      );
  const stores = new Map(names(TYPES.stores, "-stores"));
  const systems = new Map(names(TYPES.system, ""));
  return [...new Set([...systems.keys(), ...stores.keys()])].sort().map((name) => {
    const [system, kept] = [systems.get(name), stores.get(name)];
    return {
      name,
      workloads: system === undefined ? [] : workloadRows(plan, system),
      stores: [
        ...(kept === undefined ? [] : plan.children(kept).flatMap((store) => storeRow(plan, store))),
        ...(system === undefined ? [] : plan.children(system).flatMap((child) => brokerRow(plan, child))),
      ].sort((a, b) => (a.store < b.store ? -1 : 1)),
    };
  });
}

/** Distinguishes a system in the second region's cluster from the first region's. */
const suffixOf = (plan: PlanTree, system: PlannedResource): string =>
  plan.parents(system).filter(({ type }) => type === TYPES.region).length > 1 ? ", second region" : "";

/** The host in an image's name, which all images of a system share. */
const REGISTRY = /^[^/]*[.:][^/]*\//;

function workloadRows(plan: PlanTree, system: PlannedResource): WorkloadRow[] {
  const behindCdn = plan
    .ofType("aws:cloudfront/distribution:Distribution")
    .flatMap(({ inputs }) => list(at(inputs, "aliases")).map(text));
  const addresses = publicAddresses(plan.below(system), behindCdn);
  const workloads = plan.children(system).filter(({ type }) => type === TYPES.workload);
  return workloads.flatMap((component) => {
    const objects = plan.below(component);
    const owner = objects.find((object) =>
      ["Deployment", "Rollout", "CronJob"].includes(kindOf(object) ?? ""),
    );
    if (owner === undefined) return [];
    const template = kindOf(owner) === "CronJob" ? ["jobTemplate", "spec", "template"] : ["template"];
    const container = at(owner.inputs, "spec", ...template, "spec", "containers", 0);
    const amount = (of: string) =>
      range(at(container, "resources", "requests", of), at(container, "resources", "limits", of));
    const services = objects.filter((object) => kindOf(object) === "Service");
    const reached = services.flatMap(
      (service) => addresses.get(text(at(service.inputs, "metadata", "name"))) ?? [],
    );
    return {
      workload: plan.ownName(component),
      image: text(at(container, "image")).replace(REGISTRY, ""),
      pods: pods(owner, objects),
      cpu: amount("cpu"),
      memory: amount("memory"),
      release: release(owner),
      public: [...new Set(reached)].sort().join("\n"),
    };
  });
}

function pods(owner: PlannedResource, objects: readonly PlannedResource[]): string {
  const scaler = objects.find((object) =>
    ["HorizontalPodAutoscaler", "ScaledObject"].includes(kindOf(object) ?? ""),
  );
  const spec = at(scaler?.inputs, "spec");
  const [low, high] = [
    at(spec, "minReplicas") ?? at(spec, "minReplicaCount"),
    at(spec, "maxReplicas") ?? at(spec, "maxReplicaCount"),
  ];
  return scaler === undefined ? text(at(owner.inputs, "spec", "replicas") ?? 1) : range(low, high);
}

function release(owner: PlannedResource): string {
  const strategy = at(owner.inputs, "spec", "strategy");
  if (kindOf(owner) === "CronJob") return `at ${text(at(owner.inputs, "spec", "schedule"))}`;
  if (kindOf(owner) === "Deployment") return "rolling";
  const steps = list(at(strategy, "canary", "steps"));
  // No steps: the workload is stopped, so a version is released without pods.
  if (at(strategy, "canary") !== undefined && steps.length === 0) return "at once";
  const weights = steps.map((step) => text(at(step, "setWeight"))).filter(Boolean);
  const shares = weights.filter((weight) => weight !== "0");
  return shares.length <= 1 ? "blue-green" : `canary ${shares.join(", ")} %`;
}

/** Public addresses by their Service: a host and its paths, and whether a CDN is in front. */
function publicAddresses(
  objects: readonly PlannedResource[],
  behindCdn: readonly string[],
): Map<string, string[]> {
  const found = objects
    .filter((object) => kindOf(object) === "Ingress")
    .flatMap(({ inputs }) =>
      list(at(inputs, "spec", "rules")).flatMap((rule) =>
        list(at(rule, "http", "paths")).flatMap((path) => {
          const service = text(at(path, "backend", "service", "name"));
          const action = text(at(inputs, "metadata", "annotations", `${ANNOTATION}/actions.${service}`));
          const host = text(at(rule, "host"));
          const address = `${host}${text(at(path, "path"))}${behindCdn.includes(host) ? " (CDN)" : ""}`;
          return action.includes("fixed-response") ? [] : [{ service, address }];
        }),
      ),
    );
  const byService = groupBy(found, ({ service }) => service);
  return new Map([...byService].map(([service, all]) => [service, all.map(({ address }) => address)]));
}

const ANNOTATION = "alb.ingress.kubernetes.io";
