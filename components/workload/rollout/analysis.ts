import { watch, type WorkloadSettings } from "../../../config";
import type { WorkloadSpec } from "../../../systems/spec";
import { errorRate, latencyP95 } from "../../observability/expressions";
import { thresholds } from "../../observability/thresholds";
import { mainPort } from "../ports";
import { previewService } from "./names";
import { schemeOf, servesTls } from "../tls";

/** The used fields of a metric of an `AnalysisTemplate`. */
interface Metric {
  readonly name: string;
  readonly initialDelay: string;
  readonly interval: string;
  /** Number of measurements. Default: until the release is complete. */
  readonly count?: number;
  /** Failed measurements that are tolerated. */
  readonly failureLimit?: number;
  /**
   * Inconclusive measurements that are tolerated. After that the release pauses until someone promotes or aborts it.
   */
  readonly inconclusiveLimit?: number;
  /** Consecutive errors that are tolerated. */
  readonly consecutiveErrorLimit: number;
  readonly successCondition?: string;
  readonly failureCondition?: string;
  readonly provider: object;
}

export interface AnalysisTemplateSpec {
  readonly args?: readonly { readonly name: string }[];
  readonly metrics: readonly Metric[];
}

/** Argument of the template: the hash in the pod names of the new version. */
export const hashArgument = "latest-hash";

/**
 * Analysis of a new version: the alerts' expressions and thresholds, over the new version's pods.
 *
 * - A number is a success or a failure. Two failures abort the release.
 * - NaN means that the series exist but there were no requests: a success, so a release without traffic proceeds.
 * - No series means that the metrics aren't served or have other names: inconclusive. After three such measurements the
 *   release pauses until someone promotes or aborts it.
 * - Five consecutive errors of Prometheus are a failure.
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
    // Neither condition holds for an empty result, which makes it inconclusive.
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

/** Seconds between two requests to a new version before the switch. */
const askEvery = 10;

/** Health path of a workload: that of its readiness probe, else the one in config, else `/`. */
const healthPath = ({ probes }: WorkloadSpec, settings: WorkloadSettings): string =>
  probes?.readiness.path ?? settings.healthPath ?? "/";

/** Verification of a new version before the switch: every request to its own Service must succeed. */
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
        // A response without success counts as an error, not as a failure.
        consecutiveErrorLimit: 1,
        provider: {
          web: {
            url: `${schemeOf(spec)}://${host}:${main.port}${healthPath(spec, settings)}`,
            timeoutSeconds: 5,
            // The provider takes no certificate authority. Source: argo-rollouts 1.9, `WebMetric`.
            ...(servesTls(spec) ? { insecure: true } : {}),
          },
        },
      },
    ],
  };
}
