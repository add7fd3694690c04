import type { Cluster } from "../cluster/cluster";
import { selects } from "../cluster/selectors";
import type { Pod, Service } from "../cluster/types";

/** Behaviour of one version's pods: simulated pods run nothing, so the test responds for them. */
export interface Behaviour {
  /** Status of its responses. */
  status: number;
  requestsPerSecond: number;
  /** Fraction of requests that fail, 0 to 1. */
  errors: number;
  /** Duration of each request. */
  seconds: number;
}

/** Few enough requests that the minimum of pods suffices. */
const SOUND: Behaviour = { status: 200, requestsPerSecond: 2, errors: 0, seconds: 0.05 };

/** Upper bounds of the histogram in seconds: the client libraries' defaults. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counters of a pod. */
interface Counted {
  at: number;
  good: number;
  bad: number;
  seconds: number;
  buckets: number[];
}

type RunningPod = Pod & { status?: { podIP?: string } };

/** Responses of the simulated pods, by their image. */
export class Pods {
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly counted = new Map<string, Counted>();

  constructor(private readonly cluster: Cluster) {}

  /** @param image the end of the image's name: `ams-web:2.0.0` */
  behave(image: string, behaviour: Partial<Behaviour>): void {
    this.behaviours.set(image, { ...SOUND, ...behaviour });
  }

  /** Responds like a pod of a Service in the cluster; undefined if the Service doesn't exist. */
  async serve(namespace: string, service: string): Promise<{ status: number; body: string } | undefined> {
    const found = await this.cluster.find<Service>({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: service, namespace },
    });
    if (found?.spec.selector === undefined) return undefined;
    const [pod] = await ready(this.cluster, namespace, found.spec.selector);
    if (pod === undefined) return { status: 503, body: "no pod is ready" };
    return { status: this.behaviourOf(pod).status, body: JSON.stringify({ image: imageOf(pod) }) };
  }

  /** Metrics of the pod with this address. */
  async metrics(address: string): Promise<string | undefined> {
    const pods = await this.cluster.list<RunningPod>("v1", "Pod");
    const pod = pods.find(({ status }) => status?.podIP === address);
    return pod === undefined ? undefined : text(this.count(pod));
  }

  private behaviourOf(pod: Pod): Behaviour {
    const image = imageOf(pod);
    const known = [...this.behaviours].find(([end]) => image.endsWith(end));
    return known?.[1] ?? SOUND;
  }

  /** Advances the counters since the last call, at the pod's current rate. */
  private count(pod: Pod): Counted {
    const { requestsPerSecond, errors, seconds } = this.behaviourOf(pod);
    const key = pod.metadata.uid ?? "";
    const now = Date.now();
    const before = this.counted.get(key) ?? {
      at: now,
      good: 0,
      bad: 0,
      seconds: 0,
      buckets: BUCKETS.map(() => 0),
    };
    const requests = (requestsPerSecond * (now - before.at)) / 1000;
    const counted = {
      at: now,
      good: before.good + requests * (1 - errors),
      bad: before.bad + requests * errors,
      seconds: before.seconds + requests * seconds,
      buckets: before.buckets.map((sum, index) => sum + (seconds <= (BUCKETS[index] ?? 0) ? requests : 0)),
    };
    this.counted.set(key, counted);
    return counted;
  }
}

/** Ready pods with some labels. */
export async function ready(
  cluster: Cluster,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<RunningPod[]> {
  const pods = await cluster.list<RunningPod>("v1", "Pod", namespace);
  return pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      selects({ matchLabels: { ...labels } }, metadata.labels) &&
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
}

/** Image of a pod's main container. */
export const imageOf = ({ spec }: Pod): string => String(spec.containers[0]?.image ?? "");

/** The metrics that the image contract requires of every monitored workload. */
function text({ good, bad, seconds, buckets }: Counted): string {
  const all = good + bad;
  return [
    "# TYPE http_requests_total counter",
    `http_requests_total{method="GET",status_code="200"} ${good}`,
    `http_requests_total{method="GET",status_code="500"} ${bad}`,
    "# TYPE http_request_duration_seconds histogram",
    ...buckets.map(
      (sum, index) => `http_request_duration_seconds_bucket{le="${BUCKETS[index] ?? 0}"} ${sum}`,
    ),
    `http_request_duration_seconds_bucket{le="+Inf"} ${all}`,
    `http_request_duration_seconds_sum ${seconds}`,
    `http_request_duration_seconds_count ${all}`,
    "",
  ].join("\n");
}
