/** The fields of Kubernetes objects that the cluster test reads. All others pass through. */

export type Labels = Record<string, string>;

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Labels;
  annotations?: Record<string, string>;
  generation?: number;
  resourceVersion?: string;
  uid?: string;
  deletionTimestamp?: string;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
}

/** Any object, in a manifest or in a response. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: {
    key: string;
    operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    values?: string[];
  }[];
}

export interface SpreadConstraint {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  labelSelector?: Selector;
  matchLabelKeys?: string[];
}

export interface PodSpec {
  nodeName?: string;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  initContainers?: Container[];
  containers: Container[];
  volumes?: { name: string; [source: string]: unknown }[];
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[];
  topologySpreadConstraints?: SpreadConstraint[];
  [field: string]: unknown;
}

export interface Container {
  name: string;
  restartPolicy?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: { phase?: string; conditions?: Condition[] };
}

export interface PodTemplate {
  metadata?: { labels?: Labels; annotations?: Record<string, string> };
  spec: PodSpec;
}

/** A Deployment, StatefulSet or ReplicaSet. */
export interface Scaled extends KubeObject {
  spec: { replicas?: number; selector: Selector; template: PodTemplate };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface Job extends KubeObject {
  spec: { completions?: number; template: PodTemplate };
  status?: { succeeded?: number; conditions?: Condition[] };
}

export interface CronJob extends KubeObject {
  spec: { jobTemplate: { metadata?: { labels?: Labels }; spec: Job["spec"] } };
}

export interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
  };
}

export interface DisruptionBudget extends KubeObject {
  spec: { selector?: Selector; minAvailable?: number | string; maxUnavailable?: number | string };
  status?: { disruptionsAllowed?: number; currentHealthy?: number; desiredHealthy?: number };
}

export interface NetworkPolicy extends KubeObject {
  spec: { podSelector?: Selector; policyTypes?: string[]; ingress?: unknown[]; egress?: unknown[] };
}

export interface Service extends KubeObject {
  spec: { selector?: Labels };
}

export interface KubeEvent extends KubeObject {
  involvedObject: { kind: string; name: string; namespace?: string };
  reason?: string;
  message?: string;
  lastTimestamp?: string;
  eventTime?: string;
}

export interface Node extends KubeObject {
  spec?: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
}

export interface List<T> {
  items: T[];
}

/** Name of an object in reports: `Deployment ams/api`, `Namespace ams`. */
export function nameOf({ kind, metadata }: Pick<KubeObject, "kind" | "metadata">): string {
  return metadata.namespace === undefined
    ? `${kind} ${metadata.name}`
    : `${kind} ${metadata.namespace}/${metadata.name}`;
}
