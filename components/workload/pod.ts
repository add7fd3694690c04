import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { scratchSize, withDisk } from "../base/disk";
import { containerSecurity, podSecurity } from "../base/pod-security";
import { priorityOf } from "../base/priority";
import type { Authority } from "../base/store";
import { drainSeconds, graceSeconds } from "./drain";
import { selector } from "./labels";
import { portsOf } from "./ports";
import { probes } from "./probes";
import { servesTls, tlsMount, tlsVolume } from "./tls";
import { authorityMount, authorityVolume, trustMount, trustVolume } from "./trust";

/** A resolved environment variable: a value, or a key of the namespace's Secret. */
export type Variable =
  | { readonly name: string; readonly value: pulumi.Input<string> }
  | { readonly name: string; readonly secret: string; readonly key: string };

/** Variables as `env` of a container. */
export const environmentOf = (variables: readonly Variable[]): k8s.types.input.core.v1.EnvVar[] =>
  variables.map((variable) =>
    "value" in variable
      ? { name: variable.name, value: variable.value }
      : { name: variable.name, valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key } } },
  );

/** Ports below this need root, unless a sysctl of the pod's network namespace allows them. */
const privilegedPorts = 1024;

function securityOf({ image, listen }: WorkloadSpec): k8s.types.input.core.v1.PodSecurityContext {
  const ports = listen === undefined ? [] : portsOf(listen);
  const privileged = ports.some(({ port }) => port < privilegedPorts);
  return {
    ...podSecurity(image.user),
    ...(privileged ? { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] } : {}),
  };
}

/** The pod of a workload, which meets the `restricted` Pod Security level. */
export function podTemplate(
  spec: WorkloadSpec,
  settings: WorkloadSettings,
  args: {
    image: pulumi.Input<string>;
    labels: Record<string, string>;
    annotations: Record<string, pulumi.Input<string>>;
    variables: readonly Variable[];
    configMap: string | undefined;
    serviceAccount: string;
    /** ConfigMap with the certificate authorities of databases; undefined: it uses no database. */
    trust?: string | undefined;
    /** Private certificate authorities of its stores. Default: none. */
    authorities?: readonly Authority[] | undefined;
    /** Label with the pod's version. Default: a Deployment's. */
    versionLabel?: string | undefined;
    /** Number of zones that pods are spread across. */
    zones: number;
  },
): k8s.types.input.core.v1.PodTemplateSpec {
  const scratch = Object.entries(spec.image.scratch);
  const shared = Object.entries(spec.mounts ?? {});
  const authorities = args.authorities ?? [];
  const container = withoutEmpty<k8s.types.input.core.v1.Container>({
    name: spec.container,
    image: args.image,
    ...(spec.command === undefined ? {} : { command: [...spec.command] }),
    ports: (spec.listen === undefined ? [] : portsOf(spec.listen)).map(({ name, port, protocol }) => ({
      name,
      containerPort: port,
      // TCP is the default.
      ...(protocol === "TCP" ? {} : { protocol }),
    })),
    env: environmentOf(args.variables),
    ...(args.configMap === undefined ? {} : { envFrom: [{ configMapRef: { name: args.configMap } }] }),
    resources: withDisk(settings.resources, scratch.length),
    ...probes(spec, settings.healthPath),
    ...(spec.listen === undefined ? {} : { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } }),
    securityContext: containerSecurity,
    volumeMounts: [
      ...scratch.map(([name, mountPath]) => ({ name, mountPath })),
      ...shared.map(([mountPath, name]) => ({ name, mountPath })),
      ...(args.trust === undefined ? [] : [trustMount]),
      ...authorities.map(authorityMount),
      ...(servesTls(spec) ? [tlsMount] : []),
    ],
  });
  return {
    metadata: withoutEmpty({ labels: args.labels, annotations: args.annotations }),
    spec: withoutEmpty({
      serviceAccountName: args.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: priorityOf(spec.component),
      securityContext: securityOf(spec),
      terminationGracePeriodSeconds: graceSeconds,
      ...(spec.kind === "job"
        ? { restartPolicy: "Never" }
        : {
            topologySpreadConstraints: spread(spec.name, {
              minDomains: leastDomains(settings, args.zones),
              versionLabel: args.versionLabel ?? "pod-template-hash",
            }),
          }),
      containers: [container],
      volumes: [
        ...scratch.map(([name]) => ({ name, emptyDir: { sizeLimit: scratchSize } })),
        ...shared.map(([, name]) => ({ name, persistentVolumeClaim: { claimName: name } })),
        ...(args.trust === undefined ? [] : [trustVolume(args.trust)]),
        ...authorities.map(authorityVolume),
        ...(servesTls(spec) ? [tlsVolume(spec)] : []),
      ],
    }),
  };
}

/**
 * Without empty lists and maps. Argo Rollouts drops those when it writes to a Rollout, and every later preview would
 * show them as added.
 */
const withoutEmpty = <T extends object>(part: T): T =>
  Object.fromEntries(
    Object.entries(part).filter(
      ([, value]) => typeof value !== "object" || value === null || Object.keys(value as object).length > 0,
    ),
  ) as T;

/**
 * `minDomains`: zones that must have nodes before a zone gets a second pod. One fewer than there are: otherwise, after
 * the loss of a zone, every pod beyond the first in each other zone would stay pending.
 */
const leastDomains = ({ replicas, autoscaling }: WorkloadSettings, zones: number): number | undefined =>
  zones >= 3 && (replicas ?? autoscaling?.min ?? 0) >= 3 ? zones - 1 : undefined;

/** Spreads pods evenly across zones, and across nodes if possible. */
function spread(
  name: string,
  { minDomains, versionLabel }: { minDomains: number | undefined; versionLabel: string },
): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  const constraint = (topologyKey: string, whenUnsatisfiable: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: selector(name) },
    // Tainted nodes don't count: otherwise a drained zone, which stays empty, would block pods in all others.
    nodeTaintsPolicy: "Honor",
    // Only pods of one version count, or a rolling update ends skewed.
    matchLabelKeys: [versionLabel],
  });
  return [
    {
      ...constraint("topology.kubernetes.io/zone", "DoNotSchedule"),
      ...(minDomains === undefined ? {} : { minDomains }),
    },
    constraint("kubernetes.io/hostname", "ScheduleAnyway"),
  ];
}
