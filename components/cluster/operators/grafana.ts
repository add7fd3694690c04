import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { GrafanaSettings, MirrorSettings, SignOnSettings } from "../../../config";
import type { SecretStore } from "../../base/external-secret";
import { operatorPeers, prometheusPeer } from "../../base/operators";
import {
  allowDns,
  blocks,
  defaultDeny,
  named,
  podIdentityAgent,
  tcp,
  httpsToInternet,
} from "../../network/pod-traffic";
import type { Dashboards } from "../../observability/dashboards/dashboard";
import { signOnSecret } from "../sign-on";
import { alertmanagerName, alertmanagerPorts } from "./alertmanager";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { dashboardsMap, grafanaSizes, grafanaValues } from "./grafana-values";
import { toHistory, type History } from "./history";
import { outward, toPods, toPrometheus, type Policies, type Ranges } from "./policies";
import { operatorQuota } from "./sizes";
import { operatorCharts } from "./table";

export interface GrafanaArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "priorityClasses" | "waitsFor"
> {
  readonly settings: GrafanaSettings;
  readonly signOn: SignOnSettings;
  /** Store that its OpenID Connect client is read through. */
  readonly store: SecretStore;
  readonly region: string;
  readonly ranges: Ranges;
  /** The load balancer's subnets. */
  readonly publicCidrs: readonly string[];
  readonly dashboards: Dashboards;
  /** Workspace for long-term metrics. Default: none. */
  readonly history?: History | undefined;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

const { namespace } = operatorPeers.grafana;

/**
 * Grafana. Data sources and dashboards are provisioned and can't be changed in it; it stores only sessions, on a
 * scratch volume, so people sign in again when its pod is replaced.
 */
export class Grafana extends ChartOperator {
  /** Secret with its OpenID Connect client. */
  readonly client: pulumi.Resource;
  /** Host of its page. */
  readonly host: string;

  constructor(name: string, args: GrafanaArgs, opts: pulumi.ComponentResourceOptions) {
    const {
      settings,
      signOn,
      store,
      region,
      ranges,
      publicCidrs,
      dashboards,
      mirrors = {},
      history,
      ...rest
    } = args;
    let client: pulumi.Resource | undefined;
    super(
      "plinth:cluster:Grafana",
      name,
      {
        ...rest,
        chart: operatorCharts.grafana,
        version: settings.chart,
        values: grafanaValues({ host: settings.host, signOn, region, mirrors, history }),
        quota: operatorQuota(grafanaSizes, settings.replicas),
        policies: grafanaPolicies(ranges, publicCidrs, history !== undefined),
        behindLoadBalancer: true,
        before: (parent, { resource }) => {
          client = signOnSecret(parent, "client", {
            settings: signOn,
            store,
            namespace,
            waitsFor: [resource],
          });
          const files = new k8s.core.v1.ConfigMap(
            parent.child("dashboards"),
            { metadata: { name: dashboardsMap, namespace }, data: { ...dashboards } },
            { ...parent.inside, dependsOn: [resource] },
          );
          return [client, files];
        },
      },
      opts,
    );
    if (client === undefined) throw new Error("Grafana has no client");
    this.client = client;
    this.host = settings.host;
    this.registerOutputs();
  }
}

/** Its page behind the load balancer. */
export const grafanaPage = ({ client, release, host }: Pick<Grafana, "client" | "host" | "release">) => ({
  namespace,
  service: { name: operatorPeers.grafana.name, port: grafanaPorts.service },
  healthPath: "/api/health",
  host,
  client: { secret: client },
  waitsFor: [release],
});

/** Grafana's service account, whose role may read CloudWatch's metrics. */
export const grafanaAccount = { namespace, serviceAccount: operatorPeers.grafana.name } as const;

/** Grafana's IAM permissions. CloudWatch metrics have no ARNs. Source: Grafana, CloudWatch data source. */
export const mayReadMetrics: aws.iam.PolicyStatement[] = [
  {
    Sid: "ReadMetrics",
    Effect: "Allow",
    Action: ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    Resource: "*",
  },
];

/** Port of Grafana's pods, and of the Service in front of them. */
const grafanaPorts = { pod: 3000, service: 80 } as const;

/** Grafana: the load balancer calls it; it calls Prometheus, Alertmanager, CloudWatch and the identity provider. */
const grafanaPolicies = (ranges: Ranges, publicCidrs: readonly string[], history = false): Policies => {
  const { name } = operatorPeers.grafana;
  return {
    // It doesn't call the API server.
    "default-deny": defaultDeny,
    "allow-dns": allowDns(ranges.serviceCidr),
    "allow-load-balancer": {
      podSelector: named(name),
      policyTypes: ["Ingress"],
      ingress: [{ from: blocks(publicCidrs), ports: tcp(grafanaPorts.pod) }],
    },
    "allow-sources": outward(
      name,
      toPrometheus,
      toPods({ namespace: prometheusPeer.namespace, name: alertmanagerName, port: alertmanagerPorts.api }),
      ...(history ? [toHistory] : []),
      // CloudWatch and the identity provider, over NAT.
      httpsToInternet(ranges),
      podIdentityAgent,
    ),
  };
};
