import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { images } from "../../components/base/images";
import { largestStack } from "../support/stack-files";
import type { Operator, Operators } from "./assets";

interface StackFile {
  config: {
    "plinth:cluster": {
      addons: { "cert-manager": { version: string } };
      operators: Record<"keda" | "argoRollouts" | "prometheus", { chart: string }>;
    };
    "plinth:systems": { opmas: { stores: { nats: { chart: string } } } };
  };
}

/**
 * Versions of programs that differ from their chart's version. Source: `appVersion` and the image tags of the charts.
 * Prometheus' module has v0.314.0 for 3.14.0.
 */
const BROUGHT: Readonly<Record<string, string>> = {
  "argo-rollouts 2.41.0": "v1.9.0",
  "kube-prometheus-stack 88.5.3": "v0.314.0",
  "kube-prometheus-stack 88.5.3, alertmanager": "v0.34.0",
};

type Pinned = Operator | "promtool" | "amtool" | "postgres-exporter";

/** Tag of an image that is named with tag and digest. */
const tag = (image: string): string => /:([^:@]+)@/.exec(image)?.[1] ?? image;

/** Versions in the stack file, by program. KEDA's and NATS' charts have the version of their program. */
export function installed(root: string): Readonly<Partial<Record<Pinned, string>>> {
  const { config } = parse(
    readFileSync(join(root, `Pulumi.${largestStack(root)}.yaml`), "utf8"),
  ) as StackFile;
  const { addons, operators } = config["plinth:cluster"];
  const brought = (chart: string): string => BROUGHT[chart] ?? `what ${chart} brings`;
  return {
    "nats-server": `v${config["plinth:systems"].opmas.stores.nats.chart}`,
    "rollouts-controller": brought(`argo-rollouts ${operators.argoRollouts.chart}`),
    "cert-manager": addons["cert-manager"].version.replace(/-eksbuild\..+$/, ""),
    prometheus: brought(`kube-prometheus-stack ${operators.prometheus.chart}`),
    promtool: brought(`kube-prometheus-stack ${operators.prometheus.chart}`),
    amtool: brought(`kube-prometheus-stack ${operators.prometheus.chart}, alertmanager`),
    "postgres-exporter": tag(images.postgresExporter.image),
    "keda-operator": `v${operators.keda.chart}`,
    "keda-metrics-server": `v${operators.keda.chart}`,
  };
}

/** Programs with another version than the installed one, as sentences. The engine's aren't in the stack file. */
export function deviations(operators: Operators, wanted: ReturnType<typeof installed>): string[] {
  return Object.entries(operators).flatMap(([name, { version }]) => {
    const other = wanted[name as Pinned];
    return other === undefined || other === version
      ? []
      : [`${name} is ${version}, but the stack file installs ${other}`];
  });
}
