import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import type { Cluster } from "../../cluster/cluster";
import type { KubeObject } from "../../cluster/types";
import { MANAGER } from "../../cluster/apply";
import { inputsOf } from "../../support/inputs";
import { project } from "../../support/over-tls";
import { certificateOf, renewCertificate } from "../renewal";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { STACK } from "../stack";
import { until } from "../watch";

/** A workload that serves TLS in the tests' systems, and a namespace from which another calls it. */
const SERVED = { name: "opmas-management-api-tls", namespace: "opmas-api" };
const SERVICE = "opmas-management-api.opmas-api";
const CALLERS = { name: "services-ca", namespace: "opmas-ui" };
const AUTHORITY = { name: "services-ca", namespace: "cert-manager" };

/** The issuers and certificates for workloads that serve TLS, as the program renders them. */
async function rendered(): Promise<KubeObject[]> {
  const recording = await project.recordingWith(STACK);
  return [...recording.resources.values()]
    .filter(({ type }) => type.startsWith("kubernetes:cert-manager.io/v1:"))
    .map((resource) => inputsOf<KubeObject>(resource))
    .filter(({ metadata }) => !metadata.name.startsWith("nats-"));
}

/** Files of a Secret, as pods mount them. */
async function filesOf(
  cluster: Cluster,
  metadata: { name: string; namespace: string },
): Promise<Record<string, string>> {
  const { data = {} } = await cluster.get<KubeObject & { data?: Record<string, string> }>({
    apiVersion: "v1",
    kind: "Secret",
    metadata,
  });
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString("utf8")]),
  );
}

/** Runs `work` with the port of the sample image's server, which has the files of a Secret. */
async function serving<T>(files: Record<string, string>, work: (port: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "plinth-tls-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const file = pathToFileURL(resolve(__dirname, "../../../images/hello/server.mjs")).href;
  const { serverWith } = (await import(file)) as { serverWith: (folder: string) => Server };
  const server = serverWith(folder);
  try {
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** Response status for a caller that verifies a name with an authority. */
const asks = (port: number, servername: string, ca: string | undefined): Promise<number | undefined> =>
  new Promise((done, failed) => {
    const request = get(
      { host: "127.0.0.1", port, servername, path: "/health", ca, agent: false },
      (response) => {
        response.resume();
        done(response.statusCode);
      },
    );
    request.once("error", failed);
  });

async function play({ cluster, options }: Scene): Promise<void> {
  const objects = await rendered();
  options.spoil(objects);
  for (const object of objects) await cluster.apply(object, { manager: MANAGER });
  for (const { kind, metadata } of objects)
    if (kind === "Certificate")
      await until(
        `${metadata.namespace}/${metadata.name}`,
        60,
        async () => {
          const { status } = await certificateOf(cluster, { namespace: "", ...metadata });
          return (status?.conditions ?? []) as { type: string; status: string }[];
        },
        (seen) => seen.some(({ type, status }) => type === "Ready" && status === "True"),
      );

  const authority = async () => (await filesOf(cluster, CALLERS))["ca.crt"];
  const before = { authority: await authority(), files: await filesOf(cluster, SERVED) };
  await serving(before.files, async (port) => {
    for (const suffix of ["", ".svc", ".svc.cluster.local"])
      assert.equal(await asks(port, `${SERVICE}${suffix}`, before.authority), 200);
    for (const version of ["ping", "pong", "preview"]) {
      const [service = "", namespace = ""] = SERVICE.split(".");
      assert.equal(await asks(port, `${service}-${version}.${namespace}.svc`, before.authority), 200);
    }
    await assert.rejects(
      asks(port, "opmas-core.opmas-core.svc", before.authority),
      /does not match|altnames/i,
    );
    await assert.rejects(asks(port, SERVICE, undefined), /unable to verify|self-signed/i);
  });
  // The certificate that callers mount with the authority's isn't valid for servers.
  await serving(await filesOf(cluster, CALLERS), (port) =>
    assert.rejects(asks(port, `callers.${CALLERS.namespace}`, before.authority), /purpose/i),
  );

  await renewCertificate(cluster, AUTHORITY);
  await renewCertificate(cluster, SERVED);
  await renewCertificate(cluster, CALLERS);
  const after = { authority: await authority(), files: await filesOf(cluster, SERVED) };
  assert.notEqual(after.authority, before.authority, "the authority has no new certificate");
  assert.notEqual(after.files["tls.key"], before.files["tls.key"], "the new certificate has the old key");
  // Pods that read the old authority at startup keep calling, and the new one still verifies old pods.
  for (const files of [before.files, after.files])
    await serving(files, async (port) => {
      for (const ca of [before.authority, after.authority]) assert.equal(await asks(port, SERVICE, ca), 200);
    });
}

export const certificates: Scenario = {
  name: "Workloads that serve TLS: certificates for every name of a Service, verified from other namespaces, before and after a renewal",
  needs: ["cert-manager"],
  play,
  spoil: {
    what: "the certificate has another Service's name",
    finds: /altnames|does not match/i,
    objects: (objects) => {
      for (const { kind, metadata, spec } of objects)
        if (kind === "Certificate" && metadata.name === SERVED.name)
          Object.assign(spec as object, { dnsNames: ["opmas-core.opmas-core.svc"] });
    },
  },
};
