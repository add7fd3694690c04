import type { MirrorSettings } from "../../../config";
import { mirrored } from "../../base/images";

/** Values that name a registry or an image, nested as in the chart. */
interface Sources {
  readonly [key: string]: string | Sources;
}

/**
 * Registries of the charts' default images. Source: `values.yaml` of each. Those of Grafana, NATS and NACK are in their
 * values; cert-manager's come with the EKS add-on.
 */
export const chartImages: Readonly<Record<string, Sources>> = {
  "argo-rollouts": { controller: { image: { registry: "quay.io" } } },
  // Of all its parts, which run one image.
  "external-secrets": { global: { repository: "ghcr.io/external-secrets/external-secrets" } },
  keda: { global: { image: { registry: "ghcr.io" } } },
  "kube-prometheus-stack": {
    alertmanager: { alertmanagerSpec: { image: { registry: "quay.io" } } },
    prometheus: { prometheusSpec: { image: { registry: "quay.io" } } },
    prometheusOperator: {
      image: { registry: "quay.io" },
      prometheusConfigReloader: { image: { registry: "quay.io" } },
    },
    "kube-state-metrics": { image: { registry: "registry.k8s.io" } },
  },
  reloader: { image: { repository: "ghcr.io/stakater/reloader" } },
  "vertical-pod-autoscaler": {
    recommender: { image: { repository: "registry.k8s.io/autoscaling/vpa-recommender" } },
  },
};

/**
 * The values of a chart, with its images from the mirrors of their registries. Without a mirror, the chart's default
 * stays.
 */
export const withMirrors = (
  chart: string,
  values: Readonly<Record<string, unknown>>,
  mirrors: MirrorSettings = {},
): Record<string, unknown> => overlaid(values, chartImages[chart] ?? {}, mirrors);

function overlaid(
  values: Readonly<Record<string, unknown>>,
  sources: Sources,
  mirrors: MirrorSettings,
): Record<string, unknown> {
  const changed = Object.entries(sources).flatMap(([key, source]): [string, unknown][] => {
    if (typeof source === "string") {
      const mirror = mirrored(source, mirrors);
      return mirror === source ? [] : [[key, mirror]];
    }
    const inner = overlaid((values[key] ?? {}) as Record<string, unknown>, source, mirrors);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return { ...values, ...Object.fromEntries(changed) };
}
