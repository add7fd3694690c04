import type { MirrorSettings, SignOnSettings } from "../../../config";
import type { HardenedValues } from "../../../standards/charts";
import { dockerHub, mirrored } from "../../base/images";
import { containerSecurity, podSecurity } from "../../base/pod-security";
import { operatorPeers } from "../../base/operators";
import { priorities } from "../../base/priority";
import { clientSecret } from "../sign-on";
import { grafanaIni, grafanaSources } from "./grafana-config";
import { historySource, type History } from "./history";
import { resources, type Sizes } from "./sizes";

/** The ConfigMap with the dashboards. */
export const dashboardsMap = "dashboards";

export const grafanaSizes = {
  server: { cpu: { request: 50, limit: 500 }, memory: { request: 256, limit: 512 } },
} as const satisfies Sizes;

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
    serviceAccount: { name: operatorPeers.grafana.name, automountServiceAccountToken: false },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: priorities.platform.name,
    resources: resources(grafanaSizes.server),
    securityContext: podSecurity(472),
    containerSecurityContext: containerSecurity,
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
    // Then the chart creates no administrator and no password: users sign in only by single sign-on.
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
    dashboardsConfigMaps: { [folder]: dashboardsMap },
  }) satisfies HardenedValues<"grafana">;
