import assert from "node:assert/strict";
import type { Recording } from "../../preview/run-program";
import { objects, podOwners, type Manifest } from "../support/objects";
import { drop, faultsIn } from "../support/edits";
import { recordingOf as plainRecording } from "../support/frozen";
import { localOf } from "../../compose/local";
import { onThisMachine } from "../../compose/plan";
import { catalog, project, serving } from "../support/over-tls";

/** SEC-2 from the load balancer and from callers to the pods: systems of the tests whose workloads serve TLS. */

interface Probe {
  readonly httpGet?: { readonly scheme?: string };
  readonly tcpSocket?: object;
}
interface Pod {
  readonly volumes?: readonly { readonly name: string; readonly secret?: Mounted }[];
  readonly containers: readonly {
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
    readonly livenessProbe?: Probe;
    readonly readinessProbe?: Probe;
  }[];
}
interface Mounted {
  readonly secretName: string;
  readonly items?: readonly object[];
}

const podOf = ({ spec }: Manifest) => (spec as unknown as { template: { spec: Pod } }).template.spec;
const all = Object.values(serving);
const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
  `${namespace}/${name}`;

/** The directory at which a pod mounts a Secret, and the files in it: all of them, or those listed. */
function mounted(pod: Pod, secret: string): { path: string | undefined; items: unknown } | undefined {
  const volume = pod.volumes?.find((each) => each.secret?.secretName === secret);
  if (volume === undefined) return undefined;
  const mount = pod.containers[0]?.volumeMounts?.find(({ name }) => name === volume.name);
  return { path: mount?.mountPath, items: volume.secret?.items };
}

describe("workloads that serve TLS", function () {
  let recording: Recording;
  before(async () => void (recording = await project.recordingWith("prod")));

  const found = (kind: string, name: string) => {
    const object = objects(recording, kind).get(name);
    assert.ok(object, `${kind} ${name}`);
    return object;
  };

  it("have a certificate for each of their Services' names, signed by the cluster's own authority", () => {
    for (const workload of all) {
      const { spec } = found("Certificate", `${nameOf(workload)}-tls`).manifest;
      assert.deepEqual(spec?.issuerRef, {
        name: "plinth-services",
        kind: "ClusterIssuer",
        group: "cert-manager.io",
      });
      assert.deepEqual(spec?.usages, ["digital signature", "server auth"]);
      const names = spec?.dnsNames as string[];
      const services = [...objects(recording, "Service").values()]
        .map(({ manifest: { metadata, spec: { selector } = {} } }) => ({ ...metadata, selector }))
        .filter(
          ({ selector }) => (selector as Record<string, string>)["app.kubernetes.io/name"] === workload.name,
        );
      assert.ok(services.length > 0);
      for (const { name, namespace = "" } of services)
        for (const host of [`${name}.${namespace}.svc.cluster.local`, `${name}.${namespace}`])
          assert.ok(names.includes(host), host);
    }
  });

  it("the authority's key stays in cert-manager's namespace", () => {
    const { spec } = found("ClusterIssuer", "/plinth-services").manifest;
    assert.deepEqual(spec, { ca: { secretName: "services-ca" } });
    const authorities = [...objects(recording, "Certificate")].filter(
      ([, { manifest }]) => manifest.spec?.isCA,
    );
    assert.deepEqual(authorities.map(([name]) => name).sort(), [
      "cert-manager/services-ca",
      "opmas-core/nats-ca",
    ]);
  });

  it("mount certificate and key, wait for them, and are restarted with a renewed one", () => {
    for (const workload of all) {
      const secret = `${workload.name}-tls`;
      const certificate = found("Certificate", `${workload.namespace}/${secret}`).resource;
      const owner = podOwners(recording).get(nameOf(workload));
      assert.ok(owner, workload.name);
      assert.deepEqual(mounted(podOf(owner.manifest), secret), { path: "/etc/plinth/tls", items: undefined });
      assert.ok(owner.resource.dependencies.includes(certificate.urn), workload.name);
      const reload = owner.manifest.metadata.annotations?.["secret.reloader.stakater.com/reload"] ?? "";
      assert.ok(reload.split(",").includes(secret), reload);
    }
  });

  it("are probed over TLS by nodes and by the load balancer, in every version", () => {
    const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;
    const over = new Set(all.map(nameOf));
    let services = 0;
    for (const { manifest } of objects(recording, "Service").values()) {
      const { annotations = {}, namespace = "" } = manifest.metadata;
      if (annotations[key("target-type")] === undefined) continue;
      const { selector } = manifest.spec as { selector: Record<string, string> };
      const serves = over.has(`${namespace}/${selector["app.kubernetes.io/name"]}`);
      const protocols = ["backend-protocol", "healthcheck-protocol"].map((name) => annotations[key(name)]);
      assert.deepEqual(
        protocols,
        serves ? ["HTTPS", "HTTPS"] : [undefined, undefined],
        manifest.metadata.name,
      );
      if (serves) services += 1;
    }
    // One of the management API; of Asset Management two versions, the new one and four more; AMS' web.
    assert.equal(services, 1 + 8 + 4);
    for (const [name, { manifest }] of podOwners(recording))
      for (const { livenessProbe, readinessProbe } of podOf(manifest).containers)
        for (const { httpGet } of [livenessProbe ?? {}, readinessProbe ?? {}])
          if (httpGet !== undefined) assert.equal(httpGet.scheme, over.has(name) ? "HTTPS" : undefined, name);
  });

  it("are called by https from another namespace, whose pods mount the authority's certificate and no key", () => {
    const frontend = podOwners(recording).get("opmas-ui/opmas-frontend");
    assert.ok(frontend);
    const pod = podOf(frontend.manifest);
    const url = pod.containers[0]?.env?.find(({ name }) => name === "MANAGEMENT_URL")?.value;
    assert.equal(url, "https://opmas-management-api.opmas-api.svc.cluster.local:8001");
    assert.deepEqual(mounted(pod, "services-ca"), {
      path: "/etc/plinth/services",
      items: [{ key: "ca.crt", path: "ca.crt" }],
    });
    const { manifest, resource } = found("Certificate", "opmas-ui/services-ca");
    assert.ok(frontend.resource.dependencies.includes(resource.urn));
    // Its certificate is valid for clients only.
    assert.deepEqual(manifest.spec?.usages, ["digital signature", "client auth"]);
  });

  it("no other workload mounts either", () => {
    const serve = new Set(all.map(nameOf));
    for (const [name, { manifest }] of podOwners(recording)) {
      const secrets = (podOf(manifest).volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []);
      assert.equal(secrets.includes("services-ca"), name === "opmas-ui/opmas-frontend", name);
      assert.equal(secrets.includes(`${manifest.metadata.name}-tls`), serve.has(name), name);
    }
  });

  it("are scraped, verified before a switch, and tested after a release over TLS", () => {
    for (const { namespace, name, listen } of [serving.rolling, serving.canary]) {
      const { podMetricsEndpoints } = found("PodMonitor", `${namespace}/${name}`).manifest.spec as {
        podMetricsEndpoints: [{ scheme?: string; tlsConfig?: object }];
      };
      const [{ scheme, tlsConfig }] = podMetricsEndpoints;
      assert.equal(scheme, "https");
      assert.deepEqual(tlsConfig, {
        ca: { secret: { name: `${name}-tls`, key: "ca.crt" } },
        serverName: `${listen?.service ?? ""}.${namespace}.svc.cluster.local`,
      });
    }
    const { metrics } = found("AnalysisTemplate", "ams/ams-web-preview").manifest.spec as {
      metrics: [{ provider: { web: { url: string; insecure?: boolean } } }];
    };
    const { url, insecure } = metrics[0].provider.web;
    assert.deepEqual([url.split(":")[0], insecure], ["https", true]);
    for (const [namespace, system] of Object.entries({ ams: "ams", "opmas-core": "opmas" })) {
      const [, job] =
        [...objects(recording, "Job")].find(([name]) =>
          name.startsWith(`${namespace}/${system}-smoke-test`),
        ) ?? [];
      assert.ok(job, system);
      const pod = podOf(job.manifest);
      assert.equal(mounted(pod, "services-ca")?.path, "/etc/plinth/services");
      const [file] = pod.containers[0]?.env?.filter(({ name }) => name === "SSL_CERT_FILE") ?? [];
      assert.equal(file?.value, "/etc/plinth/services/ca.crt");
    }
  });

  it("serve plain HTTP on a developer's machine, which has no certificates", async () => {
    const { systems } = await project.settingsOf("dev");
    const [described, amounts] = [catalog.opmas, systems.opmas];
    assert.ok(described !== undefined && amounts !== undefined);
    assert.equal(described.workloads["management-api"]?.listen?.tls, true);
    const { spec } = onThisMachine(described, amounts, localOf("opmas"));
    const { listen } = spec.workloads["management-api"] ?? {};
    assert.deepEqual([listen?.ports, listen?.tls], [serving.rolling.listen?.ports, undefined]);
  });

  it("need Reloader", async () => {
    const { faults } = await faultsIn(project, "prod", drop("cluster.operators.reloader"));
    const fault = faults.find(({ path }) => path === "plinth:cluster.operators.reloader");
    assert.match(fault?.expected ?? "", /ams\.web, asset-management\.api, opmas\.management-api serve TLS/);
  });

  it("are the only ones: a system without them has neither authority nor certificates", async () => {
    const plain = await plainRecording("prod");
    assert.equal(objects(plain, "ClusterIssuer").size, 0);
    assert.deepEqual([...objects(plain, "Certificate").keys()].sort(), [
      "opmas-core/nats-ca",
      "opmas-core/nats-tls",
    ]);
  });
});
