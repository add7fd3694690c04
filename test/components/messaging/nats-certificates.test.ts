import assert from "node:assert/strict";
import { authoritySpec, serversSpec } from "../../../components/messaging/nats-certificates";
import { natsMonitoring, natsServersHost } from "../../../components/messaging/nats-names";
import type { Manifest } from "../../support/objects";
import { preview } from "../data/fixture";
import { nats } from "./nats-fixture";
import { inputsOf } from "../../support/inputs";

const type = (kind: string) => `kubernetes:cert-manager.io/v1:${kind}`;
const hours = (duration: string) => Number(/^(\d+)h0m0s$/.exec(duration)?.[1]);

describe("NATS' certificates", () => {
  const authority = authoritySpec("shop");
  const servers = serversSpec("shop");

  it("come from a certificate authority that keeps its key when it is renewed", () => {
    assert.equal(authority.isCA, true);
    assert.deepEqual(authority.privateKey, { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" });
    assert.ok(authority.commonName.length <= 64, "a certificate's common name");
  });

  it("of the servers have a new key each time, and both sides' usages", () => {
    assert.equal(servers.privateKey.rotationPolicy, "Always");
    assert.deepEqual(servers.usages, ["digital signature", "server auth", "client auth"]);
    assert.ok(!("isCA" in servers));
  });

  it("expire before the authority's renewal, with time to fix a failed one", () => {
    assert.ok(hours(authority.renewBefore) > hours(servers.duration));
    assert.ok(hours(servers.renewBefore) >= 14 * 24);
    for (const { duration, renewBefore } of [authority, servers])
      assert.ok(hours(renewBefore) < hours(duration));
  });

  it("have the names that clients, the other servers and KEDA use", () => {
    assert.deepEqual(servers.dnsNames, [
      "nats.shop.svc.cluster.local",
      "nats-headless.shop.svc.cluster.local",
      "*.nats-headless.shop.svc.cluster.local",
    ]);
    assert.equal(natsServersHost("shop"), servers.dnsNames[1]);
    assert.equal(natsMonitoring("shop"), `${natsServersHost("shop")}:8222`);
  });

  it("are signed by the self-signed authority, in NATS' own namespace", async () => {
    const { recording } = await preview(nats(true));
    const of = (kind: string) => recording.ofType(type(kind)).map((made) => inputsOf<Manifest>(made));
    const issuers = new Map(of("Issuer").map(({ metadata, spec }) => [metadata.name, spec]));
    assert.deepEqual(issuers.get("nats-self-signed"), { selfSigned: {} });
    assert.deepEqual(issuers.get("nats-ca"), { ca: { secretName: authority.secretName } });
    const signedBy = Object.fromEntries(
      of("Certificate").map(({ spec }) => [spec?.secretName, (spec?.issuerRef as { name: string }).name]),
    );
    assert.deepEqual(signedBy, { "nats-ca": "nats-self-signed", "nats-tls": "nats-ca" });
    for (const { metadata } of [...of("Issuer"), ...of("Certificate")]) {
      assert.equal(metadata.namespace, "shop");
      assert.equal(metadata.annotations?.["pulumi.com/waitFor"], "condition=Ready");
    }
  });

  it("wait for cert-manager, and the servers wait for theirs", async () => {
    const { recording } = await preview(nats(true));
    const certificate = recording.one(type("Certificate"), "shop-nats-certificates-servers");
    assert.ok(certificate.dependencies.some((urn) => urn.endsWith("::certmanager")));
    const release = recording.one("kubernetes:helm.sh/v3:Release");
    assert.ok(release.dependencies.includes(certificate.urn));
  });
});
