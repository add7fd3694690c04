import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { images, mirrored } from "../../base/images";
import { containerSecurity, podSecurity } from "../../base/pod-security";
import type { Component } from "../../base/component";
import { priorities } from "../../base/priority";
import type { MirrorSettings } from "../../../config";
import { telemetryPorts } from "../../observability/telemetry/ports";
import { plainResources, type Size } from "../operators/sizes";

/** Common settings of the pods of collectors and Jaeger. */
export interface CollectorPod {
  readonly namespace: string;
  readonly name: string;
  readonly image: "collector" | "jaeger";
  readonly mirrors: MirrorSettings;
  readonly size: Size;
  readonly ports: Readonly<Record<string, number>>;
  readonly environment: readonly k8s.types.input.core.v1.EnvVar[];
  readonly config: PodConfig;
}

/** A ConfigMap, which pods wait for, and its name, which a preview knows. */
export interface PodConfig {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

const configFolder = "/etc/otel";
const configFile = "config.json";

/**
 * A collector's configuration as a ConfigMap. Its name ends with a digest, so changed content is a new object, and the
 * pods that mount it are replaced. JSON is valid YAML.
 */
export function collectorConfig(
  parent: Component,
  key: string,
  { namespace, name, config }: { namespace: string; name: string; config: object },
  namespaceResource: pulumi.Resource,
): PodConfig {
  const text = JSON.stringify(config, null, 1);
  const full = `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 10)}`;
  const resource = new k8s.core.v1.ConfigMap(
    parent.child(key, "config"),
    { metadata: { name: full, namespace }, immutable: true, data: { [configFile]: text } },
    { ...parent.inside, dependsOn: [namespaceResource] },
  );
  return { name: full, resource };
}

export const labelsOf = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": "telemetry",
});

/** Container of a collector: unprivileged, with a read-only root and probes. */
export function collectorContainer(
  pod: CollectorPod,
  mounts: readonly k8s.types.input.core.v1.VolumeMount[] = [],
): k8s.types.input.core.v1.Container {
  const check = (path: string) => ({
    httpGet: { path, port: "health" },
    periodSeconds: 10,
    timeoutSeconds: 3,
  });
  const ports: Readonly<Record<string, number>> = { ...pod.ports, health: telemetryPorts.health };
  const health = pod.image === "jaeger" ? "/status" : "/";
  return {
    name: pod.image,
    image: mirrored(images[pod.image].image, pod.mirrors),
    args: [`--config=${configFolder}/${configFile}`],
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    env: [
      // The collector's memory limiter follows the container's limit; Go's garbage collector doesn't.
      { name: "GOMEMLIMIT", value: `${Math.floor(0.8 * pod.size.memory.limit)}MiB` },
      ...pod.environment,
    ],
    resources: {
      requests: { ...plainResources(pod.size).requests, "ephemeral-storage": "64Mi" },
      limits: { ...plainResources(pod.size).limits, "ephemeral-storage": "256Mi" },
    },
    livenessProbe: { ...check(health), initialDelaySeconds: 15, failureThreshold: 6 },
    readinessProbe: check(health),
    securityContext: containerSecurity,
    volumeMounts: [{ name: "config", mountPath: configFolder, readOnly: true }, ...mounts],
  };
}

/**
 * A Deployment of a collector with its Service, spread over nodes and zones. At least one pod stays up during a drain.
 */
export function collectorDeployment(
  parent: Component,
  key: string,
  pod: CollectorPod,
  args: {
    readonly replicas: number;
    /** Whether the Service is headless: its name resolves to the pods' addresses. Default: false. */
    readonly headless?: boolean;
    readonly waitsFor: readonly pulumi.Resource[];
  },
): k8s.apps.v1.Deployment {
  const { namespace, name } = pod;
  const labels = labelsOf(name);
  const selector = { "app.kubernetes.io/name": name };
  const options = { ...parent.inside, dependsOn: [...args.waitsFor] };
  const account = new k8s.core.v1.ServiceAccount(
    parent.child(key, "account"),
    { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
    options,
  );
  new k8s.core.v1.Service(
    parent.child(key, "service"),
    {
      metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        ...(args.headless === true ? { clusterIP: "None" } : {}),
        selector,
        ports: Object.entries(pod.ports).map(([portName, port]) => ({
          name: portName,
          port,
          targetPort: portName,
        })),
      },
    },
    options,
  );
  if (args.replicas > 1)
    new k8s.policy.v1.PodDisruptionBudget(
      parent.child(key, "budget"),
      { metadata: { name, namespace }, spec: { minAvailable: 1, selector: { matchLabels: selector } } },
      options,
    );
  const { user } = images[pod.image];
  return new k8s.apps.v1.Deployment(
    parent.child(key),
    {
      // Pulumi owns the number of pods, and reverts manual changes.
      metadata: { name, namespace, labels, annotations: { "pulumi.com/patchForce": "true" } },
      spec: {
        replicas: args.replicas,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorities.platform.name,
            terminationGracePeriodSeconds: 60,
            securityContext: podSecurity(user),
            topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
              (topologyKey) => ({
                maxSkew: 1,
                topologyKey,
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selector },
                matchLabelKeys: ["pod-template-hash"],
              }),
            ),
            containers: [collectorContainer(pod)],
            volumes: [{ name: "config", configMap: { name: pod.config.name } }],
          },
        },
      },
    },
    { ...options, dependsOn: [...args.waitsFor, account, pod.config.resource] },
  );
}
