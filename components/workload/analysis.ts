import { watch, type WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { errorRate, latencyP95 } from "../observability/expressions";
import { thresholds } from "../observability/thresholds";
import { mainPort } from "./ports";
import { previewService } from "./rollout-names";

/** A metric of an `AnalysisTemplate`, as far as it is used here. */
interface Metric {
  readonly name: string;
  readonly initialDelay: string;
  readonly interval: string;
  /** Looks; without a number the metric is looked at until the release is through. */
  readonly count?: number;
  /** Bad looks that are passed over. */
  readonly failureLimit?: number;
  /** Looks that show no figure and are passed over; after that the release pauses until someone decides. */
  readonly inconclusiveLimit?: number;
  /** Looks in a row that fail to say anything and are passed over. */
  readonly consecutiveErrorLimit: number;
  readonly successCondition?: string;
  readonly failureCondition?: string;
  readonly provider: object;
}

export interface AnalysisTemplateSpec {
  readonly args?: readonly { readonly name: string }[];
  readonly metrics: readonly Metric[];
}

/** Argument of the template: the hash in the names of the pods of the version that comes in. */
export const hashArgument = "latest-hash";

/**
 * What a version that comes in has to keep to: the alerts' own expressions and bounds, over its own pods.
 *
 * - A figure says good or bad. Two bad looks end the release.
 * - NaN means that the series are there and nobody asked: nothing bad, so a release at night goes on.
 * - No series means that the metrics aren't served, or have other names: neither good nor bad. After three such looks
 *   the release pauses, until someone promotes or aborts it.
 * - That Prometheus doesn't answer, five times in a row, is bad.
 */
export function metricsTemplate(
  { name, namespace }: Pick<WorkloadSpec, "name" | "namespace">,
  prometheus: string,
  looks?: number,
): AnalysisTemplateSpec {
  const scope = { namespace, pods: `${name}-{{args.${hashArgument}}}-.+` };
  const metric = (title: string, query: string, bound: number): Metric => ({
    name: title,
    initialDelay: `${watch.delay}s`,
    interval: `${watch.interval}s`,
    ...(looks === undefined ? {} : { count: looks }),
    failureLimit: 1,
    inconclusiveLimit: 2,
    consecutiveErrorLimit: 4,
    // Neither holds for an empty result: that is what Argo Rollouts calls inconclusive.
    successCondition: `len(result) > 0 && (isNaN(result[0]) || result[0] < ${bound})`,
    failureCondition: `len(result) > 0 && !isNaN(result[0]) && result[0] >= ${bound}`,
    provider: { prometheus: { address: prometheus, query } },
  });
  return {
    args: [{ name: hashArgument }],
    metrics: [
      metric("error-rate", errorRate(scope), thresholds.errorRate),
      metric("p95-latency", latencyP95(scope), thresholds.p95Seconds),
    ],
  };
}

/** Seconds between two questions to a version that waits for the switch. */
const askEvery = 10;

/** Health path of a workload: that of its readiness probe, else the one in config, else `/`. */
const healthPath = ({ probes }: WorkloadSpec, settings: WorkloadSettings): string =>
  probes?.readiness.path ?? settings.healthPath ?? "/";

/** What a version has to do before it is switched to: answer with success, over its own Service, all the time. */
export function previewTemplate(
  spec: WorkloadSpec,
  settings: WorkloadSettings,
  seconds: number,
): AnalysisTemplateSpec {
  const main = mainPort(spec);
  if (main === undefined || spec.listen === undefined) throw new Error(`${spec.name} listens on no port`);
  const host = `${previewService(spec.listen.service)}.${spec.namespace}.svc.cluster.local`;
  return {
    metrics: [
      {
        name: "answers",
        initialDelay: `${askEvery}s`,
        interval: `${askEvery}s`,
        count: Math.ceil(seconds / askEvery),
        // An answer that isn't a success counts as an error, not as a bad look.
        consecutiveErrorLimit: 1,
        provider: {
          web: { url: `http://${host}:${main.port}${healthPath(spec, settings)}`, timeoutSeconds: 5 },
        },
      },
    ],
  };
}
