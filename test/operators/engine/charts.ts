import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage, type Server } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";

import type { KnownDefinition } from "../../cluster/crds";
import { charts as known } from "../../engine/providers/rules/charts";
import type { Identity } from "../aggregated";
import type { ChartRelease } from "../stack";

/**
 * Serves a stack's chart repositories under their own URLs, which Helm reaches through a proxy. The real charts can't
 * be downloaded in a test. Each replacement has the chart's custom resource definitions and one Deployment, so Helm
 * really installs, waits and uninstalls.
 */
export class ChartRepositories {
  private readonly proxy: Server;
  private readonly server: Server;
  private readonly files = new Map<string, Buffer>();

  constructor(
    releases: readonly ChartRelease[],
    definitions: readonly KnownDefinition[],
    identity: Identity,
    folder: string,
  ) {
    for (const release of releases) {
      const file = `${release.chart}-${release.version}.tgz`;
      this.files.set(`${release.repository}/${file}`, archive(release, definitions, folder));
    }
    for (const repository of new Set(releases.map((release) => release.repository)))
      this.files.set(`${repository}/index.yaml`, index(releases, repository));
    this.server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
      const found = this.files.get(`https://${request.headers.host ?? ""}${request.url ?? ""}`);
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    this.proxy = createProxy();
    this.proxy.on("connect", (request: IncomingMessage, client: Socket) => this.tunnel(request, client));
  }

  /** Starts both servers. Resolves to the proxy's URL. */
  async listen(): Promise<string> {
    for (const server of [this.server, this.proxy])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const server of [this.server, this.proxy]) {
      server.closeAllConnections();
      server.close();
    }
  }

  private tunnel({ url = "" }: IncomingMessage, client: Socket): void {
    const host = url.replace(/:443$/, "");
    if (![...this.files.keys()].some((file) => new URL(file).hostname === host)) {
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const { port } = this.server.address() as AddressInfo;
    const server = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) socket.on("error", () => (client.destroy(), server.destroy()));
  }
}

/** Hosts of the repositories. */
export const hostsOf = (releases: readonly ChartRelease[]): string[] => [
  ...new Set(releases.map(({ repository }) => new URL(repository).hostname)),
];

/** JSON is YAML. */
function index(releases: readonly ChartRelease[], repository: string): Buffer {
  const own = releases.filter((release) => release.repository === repository);
  const entries = Object.fromEntries(
    own.map(({ chart, version }) => [
      chart,
      [{ apiVersion: "v2", name: chart, version, urls: [`${chart}-${version}.tgz`] }],
    ]),
  );
  return Buffer.from(JSON.stringify({ apiVersion: "v1", entries }));
}

function archive(
  { chart, version }: ChartRelease,
  definitions: readonly KnownDefinition[],
  folder: string,
): Buffer {
  const at = join(folder, chart);
  for (const part of ["crds", "templates"]) mkdirSync(join(at, part), { recursive: true });
  const write = (file: string, object: object): void => writeFileSync(join(at, file), JSON.stringify(object));
  write("Chart.yaml", { apiVersion: "v2", name: chart, version });
  write("templates/operator.yaml", operator(chart));
  const group = known[chart]?.group ?? "";
  for (const { definition } of definitions)
    // KEDA's chart also contains definitions of eventing.keda.sh.
    if (group !== "" && `.${definition.spec.group}`.endsWith(`.${group}`))
      write(`crds/${definition.metadata.name}.yaml`, definition);
  const file = `${at}.tgz`;
  const { status, stderr } = spawnSync("tar", ["-czf", file, "-C", folder, chart], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tar failed on the chart ${chart}: ${stderr}`);
  return readFileSync(file);
}

/** The chart's Deployment. While it exists, the real program or its replacement runs next to the cluster. */
function operator(chart: string): object {
  const labels = { "app.kubernetes.io/name": chart };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: chart, namespace: "{{ .Release.Namespace }}", labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "operator",
              image: `registry.example.com/${chart}:1`,
              resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  };
}
