import assert from "node:assert/strict";
import type { PodSpec } from "../../../policies/kubernetes/types";
import { sample } from "../scenario";

const digest = `sha256:${"0".repeat(64)}`;
export const labels = { app: "api" };

export const container = () => ({
  name: "api",
  image: "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/ams/api:1.4.2",
  env: [
    { name: "DATABASE_URL", value: "postgres://$(DB_USER):$(DB_PASSWORD)@db:5432/ams?sslmode=verify-full" },
    {
      name: "PRISMA_URL",
      value: "postgres://$(DB_USER):$(DB_PASSWORD)@db:5432/ams?sslmode=require&sslaccept=strict",
    },
    { name: "JWT_ACCESS_SECRET", valueFrom: { secretKeyRef: { name: "ams", key: "jwt" } } },
  ],
  ports: [{ containerPort: 4000 }],
  resources: {
    requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "0.5", memory: "512Mi", "ephemeral-storage": "256Mi" },
  },
  livenessProbe: { httpGet: { path: "/health", port: 4000 } },
  readinessProbe: { tcpSocket: { port: 4000 } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  },
});

/** A pod that passes the restricted level and all of the pack's policies. */
export const podSpec = (): PodSpec => ({
  priorityClassName: "plinth-core",
  serviceAccountName: "api",
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    seccompProfile: { type: "RuntimeDefault" },
    sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
  },
  containers: [container()],
  initContainers: [
    {
      ...container(),
      name: "wait",
      image: `111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/wait@${digest}`,
    },
  ],
  volumes: [{ name: "scratch", emptyDir: { sizeLimit: "1Gi" } }],
});

/** Objects that stack policies require in a namespace with pods. */
export const surroundings = () => ({
  deny: sample("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
    metadata: { namespace: "ams" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }),
  quota: sample("kubernetes:core/v1:ResourceQuota", { metadata: { namespace: "ams" } }),
  limits: sample("kubernetes:core/v1:LimitRange", { metadata: { namespace: "ams" } }),
  priority: sample("kubernetes:scheduling.k8s.io/v1:PriorityClass", { metadata: { name: "plinth-core" } }),
});

export const metadata = { name: "api", namespace: "ams" };
/** The template of a workload's pods. */
export const template = () => ({ metadata: { labels }, spec: podSpec() });

/** A template for pods that run to completion, which have no probes. */
export function withoutProbes() {
  const { livenessProbe, readinessProbe, ...rest } = container();
  assert.ok(livenessProbe && readinessProbe);
  return { metadata: { labels }, spec: { ...podSpec(), containers: [rest] } };
}
