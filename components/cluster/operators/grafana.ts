import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { GrafanaSettings, MirrorSettings, SignOnSettings } from "../../../config";
import type { HardenedValues } from "../../../standards/charts";
import type { SecretStore } from "../../base/external-secret";
import { dockerHub, mirrored } from "../../base/images";
import { operatorPeers, prometheusPeer } from "../../base/operators";
import { priorities } from "../../base/priority";
import {
  allowDns,
  blocks,
  defaultDeny,
  internet,
  named,
  podIdentityAgent,
  tcp,
} from "../../network/pod-traffic";
import type { Dashboards } from "../../observability/dashboards/dashboard";
import { clientSecret, signOnSecret } from "../sign-on";
import { alertmanagerName, alertmanagerPorts } from "./alertmanager";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { grafanaIni, grafanaSources } from "./grafana-config";
import { historySource, toHistory, type History } from "./history";
import { outward, toPods, toPrometheus, type Policies, type Ranges } from "./policies";
import { operatorQuota, resources, type Sizes } from "./sizes";
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
  /** Where recorded series are kept for long. Default: nowhere. */
  readonly history?: History | undefined;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

const { namespace } = operatorPeers.grafana;
const configMap = "dashboards";

/**
 * Grafana. Data sources and dashboards are provisioned and can't be changed in it; it keeps nothing but sessions, on a
 * scratch volume, so a new pod only makes people sign on again.
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
            { metadata: { name: configMap, namespace }, data: { ...dashboards } },
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

/** What Grafana may do in AWS. CloudWatch knows no resources for metrics. Source: Grafana, CloudWatch data source. */
export const mayReadMetrics: aws.iam.PolicyStatement[] = [
  {
    Sid: "ReadMetrics",
    Effect: "Allow",
    Action: ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    Resource: "*",
  },
];

export const grafanaSizes = {
  server: { cpu: { request: 50, limit: 500 }, memory: { request: 256, limit: 512 } },
} as const satisfies Sizes;

/** Port of Grafana's pods, and of the Service in front of them. */
export const grafanaPorts = { pod: 3000, service: 80 } as const;

/** Where the chart mounts the ConfigMap with the dashboards: `_pod.tpl`, `dashboardsConfigMaps`. */
const folder = "plinth";
const path = `/var/lib/grafana/dashboards/${folder}`;

/** Where Grafana finds its client's secret. */
const secrets = "/etc/secrets/sign-on";

/**
 * Values of the chart `grafana` 12.11 (Grafana 13.2). It has neither sidecars nor a role in the cluster: dashboards come
 * as a mounted ConfigMap, which Grafana reads again every minute.
 */
export const grafanaValues = (args: {
  readonly host: string;
  readonly signOn: SignOnSettings;
  readonly region: string;
  readonly mirrors: MirrorSettings;
  readonly history?: History | undefined;
}) =>
  ({
    image: { registry: mirrored(dockerHub, args.mirrors) },
    replicas: 1,
    rbac: { create: false },
    testFramework: { enabled: false },
    serviceAccount: { name: grafanaAccount.serviceAccount, automountServiceAccountToken: false },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: priorities.platform.name,
    resources: resources(grafanaSizes.server),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 472,
      runAsGroup: 472,
      fsGroup: 472,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    // Data source plugins listen on sockets there.
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    extraSecretMounts: [
      {
        name: "sign-on",
        secretName: clientSecret.name,
        mountPath: secrets,
        readOnly: true,
        // Readable by the group, which fsGroup sets.
        defaultMode: 0o440,
      },
    ],
    // The chart makes no administrator and no password then: users come from single sign-on alone.
    env: { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true" },
    "grafana.ini": grafanaIni(args.host, args.signOn, {
      id: `$__file{${secrets}/${clientSecret.id}}`,
      secret: `$__file{${secrets}/${clientSecret.secret}}`,
    }),
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: grafanaSources(args.region, args.history && historySource(args.history)),
      },
    },
    dashboardProviders: {
      "dashboardproviders.yaml": {
        apiVersion: 1,
        providers: [
          {
            name: folder,
            orgId: 1,
            folder: "Plinth",
            type: "file",
            disableDeletion: true,
            allowUiUpdates: false,
            updateIntervalSeconds: 60,
            options: { path },
          },
        ],
      },
    },
    dashboardsConfigMaps: { [folder]: configMap },
  }) satisfies HardenedValues<"grafana">;

/** Grafana: the load balancer calls it; it asks Prometheus, Alertmanager, CloudWatch and the identity provider. */
export const grafanaPolicies = (
  ranges: Ranges,
  publicCidrs: readonly string[],
  history = false,
): Policies => {
  const { name } = operatorPeers.grafana;
  return {
    // It asks the API server for nothing.
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
      { to: [internet(ranges)], ports: tcp(443) },
      podIdentityAgent,
    ),
  };
};
