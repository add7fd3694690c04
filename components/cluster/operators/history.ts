import * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, WorkloadSettings } from "../../../config";
import type { WorkloadSpec } from "../../../systems/spec";
import type { Component } from "../../base/component";
import { images, mirrored } from "../../base/images";
import { operatorPeers, prometheusPeer } from "../../base/operators";
import { httpsPort } from "../../base/ports";
import { metricsEndpoint, type MetricsStore } from "../../observability/metrics-store";
import { recordedNames } from "../../observability/recordings";
import { allowDns, defaultDeny } from "../../network/pod-traffic";
import { Namespace } from "../../workload/namespace";
import type { Addresses } from "../../workload/network-policy";
import { Workload } from "../../workload/workload";
import { toPods } from "./policies";
import { operatorQuota, plainResources, type Size } from "./sizes";

/** Workspace for long-term metrics. */
export interface History extends Pick<MetricsStore, "writeUrl" | "path"> {
  readonly region: string;
  /** Name of the environment: servers with the same one write the same series, of which the service keeps one. */
  readonly cluster: string;
}

/** Prometheus' service account, whose role may write to the workspace. */
export const prometheusAccount = {
  namespace: prometheusPeer.namespace,
  serviceAccount: "kube-prometheus-stack-prometheus",
} as const;

/**
 * Values under `prometheus.prometheusSpec` that send recorded series to the workspace, signed as the pod's role. The two
 * labels let the service drop what the second server sends too. Source: its user guide, send high availability data with
 * the Prometheus Operator.
 */
export const historyValues = ({ writeUrl, region, cluster }: History) => ({
  externalLabels: { cluster },
  replicaExternalLabelName: "__replica__",
  remoteWrite: [
    {
      name: "history",
      url: writeUrl,
      sigv4: { region },
      writeRelabelConfigs: [{ sourceLabels: ["__name__"], regex: recordedNames, action: "keep" }],
      // A few hundred series a minute. By default there may be 50 senders, each with memory of its own.
      queueConfig: { maxShards: 2, capacity: 2500, maxSamplesPerSend: 1000 },
    },
  ],
});

const [namespace, name] = ["metrics-history", "history"] as const;

/** The service account of the reader, whose role may query the workspace. */
export const historyAccount = { namespace, serviceAccount: name } as const;

const port = 8005;

/** Egress to the reader. */
export const toHistory = toPods({ namespace, name, port });

/** Address that Grafana queries. */
const historyAddress = `http://${name}.${namespace}.svc.cluster.local:${port}`;

const size: Size = { cpu: { request: 10, limit: 200 }, memory: { request: 32, limit: 128 } };

const settings: WorkloadSettings = {
  image: images.signer.image,
  replicas: 1,
  minAvailable: 0,
  resources: plainResources(size),
};

const reader = (region: string): WorkloadSpec => ({
  name,
  container: "signer",
  namespace,
  component: "worker",
  command: [
    "/aws-sigv4-proxy",
    "--name=aps",
    `--region=${region}`,
    `--host=${metricsEndpoint(region)}`,
    `--port=:${port}`,
  ],
  listen: { service: name, ports: { http: port } },
  image: { user: images.signer.user, scratch: {} },
  env: {},
});

export interface HistoryReaderArgs {
  readonly region: string;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings | undefined;
  readonly kubernetesVersion: string;
  /** What its namespace waits for: priority classes and admission policies. */
  readonly namespaceWaitsFor: readonly pulumi.Resource[];
  /** Its role. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * Signs Grafana's queries to the workspace. Grafana 13 can't sign them: its Prometheus data source no longer supports
 * it, and the plugin that does would be downloaded at each start.
 */
export function historyReader(parent: Component, key: string, args: HistoryReaderArgs): void {
  const internet = { kind: "internet", ports: [httpsPort] } as const;
  const endpoint = { kind: "private", ports: [httpsPort] } as const;
  const { resource } = new Namespace(
    parent.child(key, "namespace"),
    {
      namespaceName: namespace,
      partOf: namespace,
      kubernetesVersion: args.kubernetesVersion,
      quota: operatorQuota({ reader: size }, 1),
      policies: { "default-deny": defaultDeny, "allow-dns": allowDns(args.addresses.serviceCidr) },
      admission: true,
      waitsFor: args.namespaceWaitsFor,
    },
    parent.inside,
  );
  new Workload(
    parent.child(key),
    {
      system: namespace,
      spec: reader(args.region),
      settings,
      image: mirrored(settings.image, args.mirrors),
      namespace: resource,
      variables: [],
      reach: {
        ports: [port],
        public: false,
        callers: [operatorPeers.grafana],
        callees: [],
        // The service answers at public addresses, or at those of an interface endpoint.
        destinations: [internet, endpoint],
        identity: true,
      },
      addresses: args.addresses,
      waitsFor: args.waitsFor,
    },
    parent.inside,
  );
}

/** Grafana's data source. */
export const historySource = ({ path }: History) => pulumi.interpolate`${historyAddress}${path}`;
