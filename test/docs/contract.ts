import type * as k8s from "@pulumi/kubernetes";
import { metricsPort } from "../../components/workload/ports";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Manifest } from "../support/recordings";

type Pod = k8s.types.output.core.v1.PodSpec;
type Container = Pod["containers"][number];
type Probe = Container["livenessProbe"];

const code = (text: string) => `\`${text}\``;
const list = (items: readonly string[], none: string) => (items.length > 0 ? items.join(", ") : none);

/** Name of the image, without the environment's registry and the version. */
const imageName = (image: string) =>
  image.replace(/^\d+\.dkr\.[^/]+\//, "").replace(/(:[\w.-]+)?(@.*)?$/, "");

function probe(one: Probe): string {
  if (one === undefined) return "none";
  // Fields without a value are absent from the input, although the SDK's output types have all of them.
  const { httpGet, tcpSocket } = one as Partial<Probe>;
  const asked =
    httpGet === undefined
      ? `TCP connection to ${code(String(tcpSocket?.port))}`
      : code(`GET ${httpGet.path}`);
  return `${asked}, first after ${one.initialDelaySeconds} s, then every ${one.periodSeconds} s`;
}

/** Time that a workload may take to start, if its description sets one. */
function startup({ startupProbe }: Partial<Container>): [string, string][] {
  if (startupProbe === undefined) return [];
  return [["starts within", `${startupProbe.failureThreshold * startupProbe.periodSeconds} s`]];
}

function secret(entry: Container["env"][number]): string | undefined {
  const { valueFrom } = entry as { valueFrom?: { secretKeyRef?: { name: string; key: string } } };
  const from = valueFrom?.secretKeyRef;
  return from === undefined ? undefined : `${code(entry.name)} from ${code(`${from.name}/${from.key}`)}`;
}

/** Metrics endpoint of a workload, from its description, since the page's stack may have no Prometheus. */
function metrics(namespace: string, name: string): string {
  const described = Object.values<SystemSpec>(catalog)
    .flatMap(({ workloads }) => Object.values<WorkloadSpec>(workloads))
    .find((workload) => workload.namespace === namespace && workload.name === name);
  const path = described?.listen?.metrics?.path;
  return described === undefined || path === undefined
    ? "none"
    : `${code(`GET ${path}`)} on ${metricsPort(described)}`;
}

/** Rows of one workload's table, in the order of the page. */
function rows(
  { name, namespace = "" }: Manifest["metadata"],
  pod: Pod,
  container: Container,
  configMap: Manifest | undefined,
): [string, string][] {
  const env = (container.env ?? []) as Container["env"];
  const plain = env.filter((entry) => secret(entry) === undefined).map(({ name }) => code(name));
  const shared = Object.keys(configMap?.data ?? {}).map(code);
  return [
    ["image", code(imageName(container.image))],
    ["runs as user and group", String(pod.securityContext.runAsUser)],
    [
      "listens on",
      list(
        (container.ports ?? []).map(
          ({ name, containerPort, protocol = "TCP" }) =>
            `${containerPort} (${name}${protocol === "TCP" ? "" : `, ${protocol}`})`,
        ),
        "nothing",
      ),
    ],
    [
      "may write to",
      list(
        (container.volumeMounts ?? []).map(({ mountPath }) => code(mountPath)),
        "nothing",
      ),
    ],
    ["command", container.command === undefined ? "the image's own" : code(container.command.join(" "))],
    // Rule 16 describes those of OpenTelemetry, which not every environment sets.
    [
      "variables",
      list(
        [...plain, ...shared].filter((name) => !name.startsWith("`OTEL_")),
        "none",
      ),
    ],
    [
      "secret variables",
      list(
        env.flatMap((entry) => secret(entry) ?? []),
        "none",
      ),
    ],
    ...startup(container),
    ["liveness", probe(container.livenessProbe)],
    ["readiness", probe(container.readinessProbe)],
    ["metrics", metrics(namespace, name)],
    ["grace", `${pod.terminationGracePeriodSeconds} s`],
  ];
}

/**
 * The contract of a Deployment, as a section of Markdown.
 *
 * @param deployment Its registered inputs.
 * @param configMaps Those of its stack, by `namespace/name`.
 */
export function section(deployment: Manifest, configMaps: ReadonlyMap<string, Manifest>): string {
  const { name, namespace = "" } = deployment.metadata;
  const pod = (deployment.spec as { template: { spec: Pod } }).template.spec;
  const [container] = pod.containers;
  if (container === undefined || pod.containers.length > 1) throw new Error(`${name}: not one container`);
  const shared = ((container.envFrom ?? []) as Container["envFrom"]).map(
    ({ configMapRef }) => configMapRef.name,
  );
  const configMap = shared[0] === undefined ? undefined : configMaps.get(`${namespace}/${shared[0]}`);
  return [
    `### ${namespace}/${name}`,
    "",
    "| what | value |",
    "|---|---|",
    ...rows(deployment.metadata, pod, container, configMap).map(([what, value]) => `| ${what} | ${value} |`),
  ].join("\n");
}
