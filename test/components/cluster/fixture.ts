import { Cluster } from "../../../components/cluster/cluster";
import { Platform } from "../../../components/cluster/platform";
import type { OperatorReach } from "../../../components/base/operators";
import type { ClusterSettings } from "../../../config";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { awsOnly, clusterName, context, regionBase, networkSettings } from "../network/fixture";

/** Parts of systems that operators must reach. */
export const reach: OperatorReach = {
  namespaces: ["ams"],
  natsNamespaces: ["chat"],
  verified: [{ namespace: "shop", name: "web", port: 8080 }],
  metricsPorts: [7777, 8000],
};

export const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const clusterSettings: ClusterSettings = {
  version: "1.36",
  logs: ["api", "audit"],
  logDays: 365,
  publicAccessCidrs: [],
  access: {
    admin: [role("plinth-deploy"), role("platform-admin")],
    operator: [role("platform-operator")],
    viewer: [],
  },
  nodePool: {
    architecture: "arm64",
    capacity: "on-demand",
    limits: { cpu: "64", memory: "256Gi" },
    largestNode: { cpu: "16", memory: "64Gi" },
  },
  addons: {
    "metrics-server": "v0.9.0-eksbuild.11",
    "aws-efs-csi-driver": "v3.4.2-eksbuild.1",
    "cert-manager": { version: "v1.20.2-eksbuild.3", replicas: 2 },
  },
  operators: { externalSecrets: { chart: "2.9.0", replicas: 2 } },
};

const routes = { receivers: {}, maintenance: {} };

/** A cluster and its platform, as a region creates them. */
export const previewCluster = (
  change: Partial<ClusterSettings> = {},
  protect = true,
  more: (cluster: Cluster, platform: Platform) => void = () => undefined,
): Promise<Recording> =>
  previewProgram(() => {
    const opts = awsOnly();
    const { keys, network } = regionBase(opts, {}, protect);
    const settings = { ...clusterSettings, ...change };
    const { serviceCidr, zones } = networkSettings;
    const cluster = new Cluster(
      "k8s",
      {
        context: context(protect),
        settings,
        name: clusterName,
        network,
        keys,
        serviceCidr,
        scaledQueues: ["arn:aws:sqs:eu-west-1:111122223333:shop-orders"],
      },
      opts,
    );
    const platform = new Platform(
      "platform",
      {
        context: context(protect),
        settings,
        cluster,
        network,
        keys,
        zones,
        reach,
        dashboards: {},
        scratch: true,
        routes,
      },
      { providers: { kubernetes: cluster.provider } },
    );
    more(cluster, platform);
  });

let open: Promise<Recording> | undefined;

/** A cluster without deletion protection and with a public endpoint. Created once for all tests. */
export const unprotected = (): Promise<Recording> =>
  (open ??= previewCluster({ publicAccessCidrs: ["203.0.113.0/24"] }, false));
