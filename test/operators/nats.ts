import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect as dialPort, type Socket } from "node:net";
import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { hashSync } from "bcryptjs";

import type { Cluster } from "../cluster/cluster";
import { freePorts, type Program } from "../cluster/processes";
import type { KubeObject } from "../cluster/types";
import type { Programs } from "./programs";
import type { Network } from "./proxy";
import { certificateOf, renewCertificate } from "./renewal";
import { until } from "./watch";

/** Namespace of OPMAS' NATS, and names of its objects. */
export const NAMESPACE = "opmas-core";
const SERVERS = "nats.opmas-core.svc.cluster.local";

interface ExternalSecret extends KubeObject {
  spec: {
    data: { secretKey: string }[];
    target: { template: { data: Record<string, string> } };
  };
}

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

/** Logins and certificate in the servers' current configuration. */
interface Logins {
  passwords: Readonly<Record<string, string>>;
  /** Content of `accounts.conf`, as External Secrets creates it. */
  accounts: string;
}

/**
 * One NATS server, with the accounts from the stack's ExternalSecret and the certificates from cert-manager. Its
 * configuration is what the chart `nats` 2.14 renders from the stack's values, for one server.
 */
export class Nats {
  private constructor(
    private readonly cluster: Cluster,
    private readonly folder: string,
    private readonly port: number,
    private readonly logins: Logins,
    readonly server: Program,
  ) {}

  static async start(cluster: Cluster, programs: Programs, network: Network): Promise<Nats> {
    const folder = programs.folder("nats");
    const logins = await readLogins(cluster);
    await writeCertificate(cluster, folder);
    mkdirSync(join(folder, "nats-accounts"), { recursive: true });
    writeFileSync(join(folder, "nats-accounts", "accounts.conf"), logins.accounts);
    const [port = 0, monitor = 0] = await freePorts(2);
    mkdirSync(join(folder, "nats-config"), { recursive: true });
    const file = join(folder, "nats-config", "nats.conf");
    writeFileSync(file, configuration(folder, port, monitor));
    const server = await programs.start("nats-server", ["-c", file], `http://127.0.0.1:${monitor}/healthz`);
    // KEDA calls the Service, and for a consumer's leader a name below it.
    network.lead("nats-headless", NAMESPACE, 8222, monitor);
    return new Nats(cluster, folder, port, logins, server);
  }

  /** The authority's certificate, as mounted in pods. */
  get authority(): string {
    return readFileSync(join(this.folder, "nats-certs", "ca.crt"), "utf8");
  }

  /** Days before its expiry at which cert-manager will renew a certificate. */
  async daysLeft(name: string): Promise<number> {
    const { status } = await certificateOf(this.cluster, { name, namespace: NAMESPACE });
    return (Date.parse(status?.notAfter ?? "") - Date.parse(status?.renewalTime ?? "")) / 86_400_000;
  }

  /** A connection to the server after its greeting, before TLS starts. */
  dial(failed: (error: Error) => void, ready: (socket: Socket) => void): Socket {
    const socket = dialPort(this.port, "127.0.0.1");
    socket.once("error", failed);
    socket.once("data", () => ready(socket));
    return socket;
  }

  /**
   * Connects as a workload does: with its login, over TLS with host name verification, and its own inbox prefix.
   *
   * @param changed differences from a workload
   */
  async connect(
    login: string,
    changed: { password?: string; authority?: string; inboxPrefix?: string } = {},
  ): Promise<NatsConnection> {
    const tls = { ca: changed.authority ?? this.authority, servername: SERVERS };
    return connect({
      servers: `127.0.0.1:${this.port}`,
      user: login,
      pass: changed.password ?? this.logins.passwords[login] ?? "",
      tls,
      inboxPrefix: changed.inboxPrefix ?? `_INBOX_${login.replace(/_\d+$/, "")}`,
      reconnect: false,
      timeout: 10_000,
    });
  }

  /** Has a certificate renewed, and the server reload it, as the chart's reloader does. */
  async renew(name: string): Promise<void> {
    await renewCertificate(this.cluster, { name, namespace: NAMESPACE });
    await writeCertificate(this.cluster, this.folder);
    this.server.signal("SIGHUP");
  }
}

/** The accounts in the stack's ExternalSecret, rendered as External Secrets does. */
async function readLogins(cluster: Cluster): Promise<Logins> {
  const { spec } = await cluster.get<ExternalSecret>({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "nats-accounts", namespace: NAMESPACE },
  });
  const logins = spec.data.map(({ secretKey }) => secretKey.replace(/_hash$/, ""));
  const passwords = Object.fromEntries(logins.map((login) => [login, `secret of ${login}`]));
  const text = spec.target.template.data["accounts.conf"] ?? "";
  const accounts = text.replaceAll(/\{\{ index \. `(?<key>[^`]+)_hash` \}\}/g, (_, login: string) =>
    hashSync(passwords[login] ?? "", 4),
  );
  return { passwords, accounts };
}

/** Writes the servers' Secret to files, as the kubelet does. */
async function writeCertificate(cluster: Cluster, folder: string): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Secret", metadata: { name: "nats-tls", namespace: NAMESPACE } };
  const { data = {} } = await until<{ data?: Record<string, string> }>(
    "the servers' certificate",
    60,
    async () => (await cluster.find<Secret>(ref)) ?? {},
    ({ data: seen }) => seen?.["tls.crt"] !== undefined && seen["ca.crt"] !== undefined,
  );
  const target = join(folder, "nats-certs");
  mkdirSync(target, { recursive: true });
  for (const [name, value] of Object.entries(data)) {
    const draft = join(target, `.${name}`);
    writeFileSync(draft, Buffer.from(value, "base64"), { mode: 0o600 });
    renameSync(draft, join(target, name));
  }
}

function configuration(folder: string, port: number, monitor: number): string {
  const certificates = join(folder, "nats-certs");
  return `
server_name: nats-0
pid_file: ${JSON.stringify(join(folder, "nats.pid"))}
host: 127.0.0.1
port: ${port}
http: "127.0.0.1:${monitor}"
tls: {
  cert_file: ${JSON.stringify(join(certificates, "tls.crt"))}
  key_file: ${JSON.stringify(join(certificates, "tls.key"))}
  ca_file: ${JSON.stringify(join(certificates, "ca.crt"))}
}
jetstream: {
  max_memory_store: 0
  store_dir: ${JSON.stringify(join(folder, "data"))}
  max_file_store: 48318382080
}
include ../nats-accounts/accounts.conf
`;
}
