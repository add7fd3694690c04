import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../base/component";
import { priorities } from "../../base/priority";
import { podLogs, stateFolder } from "../../observability/telemetry/agent-config";
import { telemetryPeers, telemetryPorts } from "../../observability/telemetry/ports";
import { clusterRole } from "../cluster-role";
import type { Size } from "../operators/sizes";
import { collectorContainer, labelsOf, type CollectorPod } from "./pods";

/** Resources of a node's collector. Its queue is on the node's disk, which no limit of the container covers. */
export const agentSize: Size = { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } };

const { namespace, name } = telemetryPeers.agent;

const read = (apiGroup: string, ...resources: string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs: ["get", "list", "watch"],
});

/** What the collector adds to each record: pods, their owners, and namespaces' labels. */
const rules = [read("", "pods", "namespaces"), read("apps", "replicasets")];

/**
 * The collector on every node. It runs as root, which owns the containers' logs, but without capabilities, and mounts
 * two host paths: the logs, read-only, and its own queue.
 */
export function nodeAgent(
  parent: Component,
  pod: Omit<CollectorPod, "namespace" | "name" | "image" | "size" | "ports">,
  args: { readonly traces: boolean; readonly waitsFor: readonly pulumi.Resource[] },
): k8s.apps.v1.DaemonSet {
  const options = { ...parent.inside, dependsOn: [...args.waitsFor] };
  const labels = labelsOf(name);
  const selector = { "app.kubernetes.io/name": name };
  const spans = { "otlp-grpc": telemetryPorts.grpc, "otlp-http": telemetryPorts.http };
  clusterRole(
    parent,
    { name: `plinth-${name}`, rules, account: { name, namespace }, waitsFor: args.waitsFor },
    "agent",
  );
  const account = new k8s.core.v1.ServiceAccount(
    parent.child("agent", "account"),
    { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
    options,
  );
  if (args.traces)
    new k8s.core.v1.Service(
      parent.child("agent", "service"),
      {
        metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          selector,
          // Spans go to the collector on their own node, so they cross no zone before the gateway samples their trace.
          internalTrafficPolicy: "Local",
          ports: Object.entries(spans).map(([portName, port]) => ({
            name: portName,
            port,
            targetPort: portName,
          })),
        },
      },
      options,
    );
  return new k8s.apps.v1.DaemonSet(
    parent.child("agent"),
    {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: { labels, annotations: { "plinth/kubernetes-api": "true" } },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: true,
            enableServiceLinks: false,
            priorityClassName: priorities.platform.name,
            // Logs of every node are collected, whatever its taints.
            tolerations: [{ operator: "Exists" }],
            terminationGracePeriodSeconds: 30,
            securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              collectorContainer(
                {
                  ...pod,
                  namespace,
                  name,
                  image: "collector",
                  size: agentSize,
                  ports: { metrics: telemetryPorts.metrics, ...(args.traces ? spans : {}) },
                  environment: [
                    { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                    ...pod.environment,
                  ],
                },
                [
                  { name: "logs", mountPath: podLogs, readOnly: true },
                  { name: "state", mountPath: stateFolder },
                ],
              ),
            ],
            volumes: [
              { name: "config", configMap: { name: pod.config.name } },
              { name: "logs", hostPath: { path: podLogs, type: "Directory" } },
              { name: "state", hostPath: { path: stateFolder, type: "DirectoryOrCreate" } },
            ],
          },
        },
      },
    },
    { ...options, dependsOn: [...args.waitsFor, account, pod.config.resource] },
  );
}
