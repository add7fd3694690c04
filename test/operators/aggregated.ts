import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import type { Cluster } from "../cluster/cluster";
import type { KubeObject, Pod } from "../cluster/types";
import { until } from "./watch";

/** A certificate with its key and the authority that signed it, PEM. */
export interface Identity {
  ca: string;
  cert: string;
  key: string;
}

const CERTIFICATES = "cert-manager.io/v1";

/**
 * Has cert-manager issue a certificate with its own authority for some names: for KEDA's components, which generate
 * theirs in a real cluster, and for the chart repositories.
 */
export async function makeIdentity(
  cluster: Cluster,
  namespace: string,
  dnsNames: readonly string[],
): Promise<Identity> {
  const issuer = (name: string) => ({ name, kind: "Issuer", group: "cert-manager.io" });
  const object = (kind: string, name: string, spec: object): KubeObject => ({
    apiVersion: CERTIFICATES,
    kind,
    metadata: { name, namespace },
    spec,
  });
  const key = { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" };
  for (const one of [
    object("Issuer", "test-self-signed", { selfSigned: {} }),
    object("Certificate", "test-ca", {
      isCA: true,
      commonName: "test-ca",
      secretName: "test-ca",
      privateKey: key,
      issuerRef: issuer("test-self-signed"),
    }),
    object("Issuer", "test-ca", { ca: { secretName: "test-ca" } }),
    object("Certificate", "test-parts", {
      secretName: "test-parts",
      dnsNames: [...dnsNames],
      usages: ["digital signature", "server auth", "client auth"],
      privateKey: key,
      issuerRef: issuer("test-ca"),
    }),
  ])
    await cluster.create(one);
  const ref = { apiVersion: "v1", kind: "Secret", metadata: { name: "test-parts", namespace } };
  let data: Record<string, string> | undefined;
  await until(
    "a certificate",
    60,
    async () => {
      data = (await cluster.find<KubeObject & { data?: Record<string, string> }>(ref))?.data;
      // Without the values, which the trace may print.
      return Object.keys(data ?? {});
    },
    (keys) => ["tls.crt", "tls.key", "ca.crt"].every((key) => keys.includes(key)),
  );
  const text = (name: string): string => Buffer.from(data?.[name] ?? "", "base64").toString("utf8");
  return { ca: text("ca.crt"), cert: text("tls.crt"), key: text("tls.key") };
}

/**
 * Makes the API server forward an API group to a program on loopback. Cluster addresses aren't routed here, but the
 * server resolves the name of a Service of type ExternalName.
 */
export async function aggregate(
  cluster: Cluster,
  ref: { group: string; namespace: string; service: string; port: number; ca: string },
): Promise<void> {
  const { group, namespace, service, port, ca } = ref;
  await cluster.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service, namespace },
    spec: { type: "ExternalName", externalName: "localhost" },
  });
  await cluster.create({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `v1beta1.${group}` },
    spec: {
      group,
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { namespace, name: service, port },
      caBundle: Buffer.from(ca).toString("base64"),
    },
  });
}

/** The API server passes requests on without the user's identity, so anonymous requests are allowed. */
export async function letAnyoneAsk(cluster: Cluster): Promise<void> {
  const name = "test-aggregated";
  const api = "rbac.authorization.k8s.io";
  await cluster.create({
    apiVersion: `${api}/v1`,
    kind: "ClusterRole",
    metadata: { name },
    rules: [
      { apiGroups: ["external.metrics.k8s.io"], resources: ["*"], verbs: ["*"] },
      { nonResourceURLs: ["*"], verbs: ["get"] },
    ],
  });
  await cluster.create({
    apiVersion: `${api}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: api, kind: "ClusterRole", name },
    subjects: [{ apiGroup: api, kind: "User", name: "system:anonymous" }],
  });
}

const PODS = /^\/apis\/metrics\.k8s\.io\/v1beta1\/namespaces\/(?<namespace>[^/]+)\/pods$/;

/** Replaces metrics-server: every pod is nearly idle, so only the scenario's metrics scale anything. */
export class ResourceMetrics {
  private readonly server: Server;

  constructor(cluster: Cluster, { cert, key }: Identity) {
    this.server = createServer({ cert, key }, (request, response) => {
      const { pathname } = new URL(request.url ?? "", "https://localhost");
      const { namespace } = PODS.exec(pathname)?.groups ?? {};
      const body = namespace === undefined ? Promise.resolve(RESOURCES) : usage(cluster, namespace);
      body.then(
        (object) =>
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(object)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "localhost", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const API = "metrics.k8s.io/v1beta1";

const RESOURCES = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: API,
  resources: [
    { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] },
  ],
};

async function usage(cluster: Cluster, namespace: string): Promise<object> {
  const pods = await cluster.list<Pod>("v1", "Pod", namespace);
  const timestamp = new Date().toISOString();
  const items = pods.map(({ metadata: { name, labels = {} }, spec }) => ({
    metadata: { name, namespace, labels },
    timestamp,
    window: "15s",
    containers: spec.containers.map((container) => ({
      name: container.name,
      usage: { cpu: "5m", memory: "5Mi" },
    })),
  }));
  return { kind: "PodMetricsList", apiVersion: API, metadata: {}, items };
}
