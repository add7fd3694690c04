import type { PodSpec } from "../../../policies/kubernetes/types";
import { sample, scenario } from "../scenario";
import { container, metadata, podSpec, surroundings, template, withoutProbes } from "./pods";

/** The first container, which the cases change. */
type Changed = NonNullable<PodSpec["containers"]>[number];
interface Holder {
  api: { props: { spec?: { template?: { spec?: PodSpec } } } };
}
const pod = (stack: Holder) => stack.api.props.spec?.template?.spec as PodSpec;
const first = (stack: Holder) => pod(stack).containers?.[0] as Changed;
const init = (stack: Holder) => pod(stack).initContainers?.[0] as Changed;
const context = (stack: Holder) => first(stack).securityContext ?? {};

export const workloads = [
  scenario(
    "a Deployment",
    {
      ...surroundings(),
      api: sample("kubernetes:apps/v1:Deployment", { metadata, spec: { template: template() } }),
    },
    [
      ["k8s-container-requests", (stack) => delete first(stack).resources?.requests?.cpu],
      ["k8s-container-requests", (stack) => delete init(stack).resources?.requests],
      [["k8s-container-limits", "k8s-container-requests"], (stack) => delete first(stack).resources],
      ["k8s-container-limits", (stack) => delete first(stack).resources?.limits?.memory],
      [
        "k8s-container-limits",
        (stack) =>
          (first(stack).resources = {
            ...first(stack).resources,
            limits: { cpu: "much", memory: "1Gi", "ephemeral-storage": "1Gi" },
          }),
      ],
      [
        "k8s-container-requests-within-limits",
        (stack) =>
          (first(stack).resources = {
            requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "64Mi" },
            limits: { cpu: "1", memory: "1000M", "ephemeral-storage": "256Mi" },
          }),
      ],
      ["k8s-container-requests", (stack) => delete first(stack).resources?.requests?.["ephemeral-storage"]],
      ["k8s-container-limits", (stack) => delete init(stack).resources?.limits?.["ephemeral-storage"]],
      ["k8s-priority-class", (stack) => delete pod(stack).priorityClassName],
      ["k8s-priority-class", (stack) => (pod(stack).priorityClassName = "plinth-cor")],
      ["k8s-no-ephemeral-containers", (stack) => (pod(stack).ephemeralContainers = [container()])],
      ["k8s-image-pinned", (stack) => (first(stack).image = "registry.example.com:5000/ams/api")],
      ["k8s-image-pinned", (stack) => (init(stack).image = "busybox:latest")],
      ["k8s-image-pinned", (stack) => (first(stack).image = "busybox@sha256:12")],
      ["k8s-liveness-probe", (stack) => delete first(stack).livenessProbe],
      ["k8s-readiness-probe", (stack) => delete first(stack).readinessProbe],
      [
        "k8s-worker-liveness-probe",
        (stack) =>
          Object.assign(first(stack), { ports: [], livenessProbe: undefined, readinessProbe: undefined }),
      ],
      ["k8s-run-as-non-root", (stack) => delete pod(stack).securityContext?.runAsNonRoot],
      ["k8s-run-as-non-root", (stack) => (context(stack).runAsNonRoot = false)],
      ["k8s-no-root-user", (stack) => (context(stack).runAsUser = 0)],
      ["k8s-no-root-user", (stack) => Object.assign(pod(stack).securityContext ?? {}, { runAsUser: 0 })],
      ["k8s-no-privilege-escalation", (stack) => delete context(stack).allowPrivilegeEscalation],
      ["k8s-no-privileged", (stack) => (context(stack).privileged = true)],
      ["k8s-capabilities-dropped", (stack) => delete context(stack).capabilities?.drop],
      ["k8s-capabilities-dropped", (stack) => context(stack).capabilities?.add?.push("SYS_ADMIN")],
      ["k8s-seccomp-profile", (stack) => delete pod(stack).securityContext?.seccompProfile],
      ["k8s-seccomp-profile", (stack) => (context(stack).seccompProfile = { type: "Unconfined" })],
      ["k8s-read-only-root-filesystem", (stack) => delete context(stack).readOnlyRootFilesystem],
      ["k8s-default-proc-mount", (stack) => (context(stack).procMount = "Unmasked")],
      ["k8s-confined", (stack) => (context(stack).appArmorProfile = { type: "Unconfined" })],
      ["k8s-confined", (stack) => (context(stack).seLinuxOptions = { type: "spc_t" })],
      ["k8s-confined", (stack) => (context(stack).seLinuxOptions = { user: "system_u" })],
      [
        "k8s-no-probe-host",
        (stack) => (first(stack).livenessProbe = { httpGet: { port: 80, host: "10.0.0.1" } }),
      ],
      ["k8s-no-host-process", (stack) => (context(stack).windowsOptions = { hostProcess: true })],
      ["k8s-no-host-namespaces", (stack) => (pod(stack).hostNetwork = true)],
      ["k8s-no-host-namespaces", (stack) => (pod(stack).hostPID = true)],
      ["k8s-no-host-namespaces", (stack) => (pod(stack).hostIPC = true)],
      ["k8s-no-host-ports", (stack) => (first(stack).ports = [{ containerPort: 80, hostPort: 80 }])],
      ["k8s-volume-types", (stack) => pod(stack).volumes?.push({ name: "host", hostPath: { path: "/" } })],
      [
        "k8s-safe-sysctls",
        (stack) => pod(stack).securityContext?.sysctls?.push({ name: "net.core.somaxconn", value: "1" }),
      ],
      ["k8s-empty-dir-bounded", (stack) => (pod(stack).volumes = [{ name: "scratch", emptyDir: {} }])],
      ["k8s-own-service-account", (stack) => delete pod(stack).serviceAccountName],
      ["k8s-own-service-account", (stack) => (pod(stack).serviceAccountName = "default")],
      ["k8s-no-api-token", (stack) => delete pod(stack).automountServiceAccountToken],
      [
        "k8s-no-credentials-in-env",
        (stack) => (first(stack).env = [{ name: "URL", value: "redis://:hunter2@cache:6379" }]),
      ],
      [
        "k8s-no-secret-by-name-in-env",
        (stack) => (first(stack).env = [{ name: "SMTP_PASSWORD", value: "hunter2" }]),
      ],
      [
        ["k8s-namespace-default-deny", "k8s-network-policy-pods-named"],
        ({ deny }) =>
          (deny.props.spec = {
            podSelector: {},
            policyTypes: ["Ingress", "Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "10.0.96.0/24" } }], ports: [{ port: 5432 }] }],
          }),
      ],
      [
        "k8s-namespace-default-deny",
        ({ deny }) => (deny.props.spec = { podSelector: {}, policyTypes: ["Ingress"] }),
      ],
      [
        "k8s-namespace-default-deny",
        ({ deny }) =>
          (deny.props.spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{}] }),
      ],
      ["k8s-namespace-default-deny", ({ deny }) => (deny.props.metadata = { namespace: "other" })],
      ["k8s-namespace-quota", ({ quota }) => (quota.props.metadata = { namespace: "other" })],
      ["k8s-namespace-limit-range", ({ limits }) => (limits.props.metadata = { namespace: "other" })],
    ],
  ),
  scenario(
    "other workload kinds, and pods that call the Kubernetes API",
    {
      ...surroundings(),
      pod: sample("kubernetes:core/v1:Pod", { metadata, spec: podSpec() }),
      job: sample("kubernetes:batch/v1:Job", { metadata, spec: { template: withoutProbes() } }),
      cron: sample("kubernetes:batch/v1:CronJob", {
        metadata,
        spec: { jobTemplate: { spec: { template: withoutProbes() } } },
      }),
      rollout: sample("kubernetes:argoproj.io/v1alpha1:Rollout", {
        metadata,
        spec: { template: template() },
      }),
      caller: sample("kubernetes:apps/v1:StatefulSet", {
        metadata,
        spec: {
          template: {
            metadata: { annotations: { "plinth/kubernetes-api": "true" } },
            spec: { ...podSpec(), automountServiceAccountToken: true },
          },
        },
      }),
    },
    [
      ["k8s-no-host-namespaces", ({ pod }) => Object.assign(pod.props.spec ?? {}, { hostIPC: true })],
      [
        "k8s-no-host-namespaces",
        ({ job }) => Object.assign(job.props.spec?.template?.spec ?? {}, { hostIPC: true }),
      ],
      [
        "k8s-no-host-namespaces",
        ({ cron }) =>
          Object.assign(cron.props.spec?.jobTemplate?.spec?.template?.spec ?? {}, { hostIPC: true }),
      ],
      [
        "k8s-no-host-namespaces",
        ({ rollout }) => Object.assign(rollout.props.spec?.template?.spec ?? {}, { hostIPC: true }),
      ],
      ["k8s-no-api-token", ({ caller }) => delete caller.props.spec?.template?.metadata],
    ],
  ),
];
