import assert from "node:assert/strict";
import { connect as tlsConnect, type PeerCertificate } from "node:tls";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";

import type { KubeObject } from "../../cluster/types";
import { NAMESPACE, type Nats } from "../nats";
import type { Scenario } from "../scenario";
import { until } from "../watch";
import { rights } from "./rights";

const CORE = "opmas-core_1";
const AGENT = "opmas-agent_1";

let count = 0;

/** A message's path: published, stored, delivered to the consumer, acknowledged, deleted. */
async function passes(
  from: NatsConnection,
  subject: string,
  to: NatsConnection,
  stream: string,
  consumer: string,
) {
  const text = `message ${++count}`;
  const { stream: kept } = await jetstream(from).publish(subject, text);
  assert.equal(kept, stream);
  // Uses the existing consumer, as the image contract says: a workload may not list them.
  const bound = await jetstream(to).consumers.get(stream, consumer);
  for (;;) {
    const message = await bound.next({ expires: 5_000 });
    assert.ok(message, `${consumer} of ${stream} was not given ${text}`);
    assert.equal(await message.ackAck(), true);
    // Messages of the tests of permissions come before it.
    if (message.string() === text) return;
  }
}

async function work(nats: Nats): Promise<void> {
  const core = await nats.connect(CORE);
  const agent = await nats.connect(AGENT);
  try {
    await passes(core, "logs.device.1", agent, "LOGS", "agents");
    await passes(agent, "findings.device.1", core, "FINDINGS", "core");
  } finally {
    await Promise.all([core.close(), agent.close()]);
  }
}

async function refusals(nats: Nats): Promise<void> {
  await assert.rejects(nats.connect(CORE, { password: "another" }), /Authorization/i);
  await assert.rejects(nats.connect("", { password: "" }), /Authorization/i);
  // The hash of its password isn't a valid password.
  await assert.rejects(nats.connect("opmas-core_2"), /Authorization/i);
}

/** The certificate that the server presents, verified with an authority for a name. */
function shown(nats: Nats, name: string, authority = nats.authority): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const plain = nats.dial(reject, (socket) => {
      const secure = tlsConnect({ socket, servername: name, ca: authority }, () => {
        resolve(secure.getPeerCertificate());
        secure.destroy();
      });
      secure.once("error", reject);
    });
    plain.once("error", reject);
  });
}

/** Host names by which clients, KEDA and other servers reach a server. */
const NAMES = ["nats", "nats-headless", "nats-0.nats-headless", "nats-2.nats-headless"].map(
  (name) => `${name}.${NAMESPACE}.svc.cluster.local`,
);

async function certificates(nats: Nats): Promise<void> {
  for (const name of NAMES) await shown(nats, name);
  await assert.rejects(shown(nats, "nats.elsewhere.svc.cluster.local"), /does not match|altnames/i);

  const before = { authority: nats.authority, certificate: await shown(nats, NAMES[0] ?? "") };
  const held = await nats.connect(AGENT);
  await nats.renew("nats-tls");
  const renewed = await until(
    "the server shows the new certificate",
    20,
    () => shown(nats, NAMES[0] ?? "", before.authority),
    ({ serialNumber }) => serialNumber !== before.certificate.serialNumber,
  );
  assert.notDeepEqual(renewed.pubkey, before.certificate.pubkey, "the new certificate has the old key");

  assert.deepEqual([await nats.daysLeft("nats-tls"), await nats.daysLeft("nats-ca")], [30, 365]);

  await nats.renew("nats-ca");
  await nats.renew("nats-tls");
  assert.notEqual(nats.authority, before.authority, "the authority has no new certificate");
  // Pods that read the old authority at startup keep working; new pods read the new one.
  for (const authority of [before.authority, nats.authority]) {
    await shown(nats, NAMES[0] ?? "", authority);
    await (await nats.connect(CORE, { authority })).close();
  }
  await held.flush();
  await held.close();
}

async function play(nats: Nats): Promise<void> {
  await refusals(nats);
  await work(nats);
  for (const [login, may] of Object.entries(rights))
    assert.deepEqual(await may.tried(nats), may.expected, login);
  await certificates(nats);
  await work(nats);
}

type Secret = KubeObject & { spec: { target: { template: { data: Record<string, string> } } } };

export const messaging: Scenario = {
  name: "NATS: each login does what its description says and nothing else; certificates are made, renewed and read",
  needs: ["cert-manager", "nats-server"],
  play: (scene) => scene.withNats(play),
  spoil: {
    what: "the agents may publish the devices' logs",
    finds: /logs\.device\.1/,
    objects: (objects) => {
      for (const object of objects)
        if (object.kind === "ExternalSecret" && object.metadata.name === "nats-accounts") {
          const { data } = (object as Secret).spec.target.template;
          data["accounts.conf"] = (data["accounts.conf"] ?? "").replace(
            '"findings.>"',
            '"findings.>", "logs.>"',
          );
        }
    },
  },
};
