import * as k8s from "@pulumi/kubernetes";
import { Workload, type WorkloadArgs } from "../../../components/workload/workload";
import type { AutoscalingSettings, ReleaseSettings, WorkloadSettings } from "../../../config";
import type { Registration } from "../../../preview/monitor";
import { previewProgram, type Recording } from "../../../preview/run-program";
import type { WorkloadSpec } from "../../../systems/spec";
import { metadataOf } from "../../support/inputs";

/** Settings of a workload under test: a fixed number of pods. */
export const settings = (
  release?: ReleaseSettings,
  change: Partial<WorkloadSettings> = {},
): WorkloadSettings => ({
  image: "app:1",
  replicas: 3,
  minAvailable: 1,
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  ...(release === undefined ? {} : { release }),
  ...change,
});

/** Settings with an autoscaler instead of the fixed number. */
export const scaled = (release?: ReleaseSettings): WorkloadSettings =>
  settings(release, { replicas: undefined, autoscaling: scaling({ min: 3, max: 10, cpu: 70, memory: 80 }) });

export const canary = (more: object = {}): ReleaseSettings => ({
  strategy: "canary",
  steps: [10, 50, 100],
  pauseSeconds: 300,
  analysis: false,
  ...more,
});

export const blueGreen = (more: object = {}): ReleaseSettings => ({
  strategy: "blue-green",
  verifySeconds: 60,
  keepSeconds: 600,
  analysis: false,
  ...more,
});

/** What a preview of one workload registers, in a cluster with Argo Rollouts and a Prometheus. */
export const previewWorkload = (
  spec: WorkloadSpec,
  amounts: WorkloadSettings,
  change: Partial<WorkloadArgs> = {},
): Promise<Recording> =>
  previewProgram(() => {
    const provider = new k8s.Provider("kubernetes", { clusterIdentifier: "test" });
    const object = (name: string) =>
      new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider, protect: false });
    new Workload(
      "w",
      {
        system: "ams",
        spec,
        settings: amounts,
        image: `registry.example.com/${amounts.image}`,
        namespace: object("namespace"),
        variables: [],
        reach: { ports: [], public: true, callers: [], callees: [], destinations: [], identity: false },
        addresses: {
          vpcCidr: "10.0.0.0/16",
          publicCidrs: ["10.0.0.0/24"],
          privateCidrs: ["10.0.1.0/24"],
          isolatedCidrs: ["10.0.2.0/24"],
          serviceCidr: "172.20.0.0/16",
        },
        waitsFor: [],
        operators: { argoRollouts: object("operator") },
        prometheus: "http://prometheus.test:9090",
        ...change,
      },
      { providers: { kubernetes: provider } },
    );
  });

/** The workload's objects: `Kind/name` and the registration of each. */
export function objectsOf(recording: Recording): Map<string, Registration> {
  const own = [...recording.resources.values()].filter(
    ({ type, custom, name }) => custom && type.startsWith("kubernetes:") && name.startsWith("w-"),
  );
  return new Map(own.map((each) => [`${String(each.inputs.kind)}/${metadataOf(each).name}`, each]));
}

/** What an update would do, by object. */
export function changes(
  before: Recording,
  after: Recording,
): Record<"created" | "updated" | "deleted", string[]> {
  const [old, now] = [objectsOf(before), objectsOf(after)];
  const same = (key: string) => JSON.stringify(old.get(key)?.inputs) === JSON.stringify(now.get(key)?.inputs);
  return {
    created: [...now.keys()].filter((key) => !old.has(key)).sort(),
    updated: [...now.keys()].filter((key) => old.has(key) && !same(key)).sort(),
    deleted: [...old.keys()].filter((key) => !now.has(key)).sort(),
  };
}

/** An autoscaler of two to eight pods, by the given targets. */
export const scaling = (targets: Partial<AutoscalingSettings>): AutoscalingSettings => ({
  min: 2,
  max: 8,
  behaviour: {
    up: { stabilizationSeconds: 0, percent: 100, pods: 4, periodSeconds: 60 },
    down: { stabilizationSeconds: 600, tolerancePercent: 5, pods: 1, periodSeconds: 120 },
  },
  ...targets,
});

/** The scale target. */
export const target = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "api" };
