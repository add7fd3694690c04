import * as fs from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

const folder = path.join(__dirname, "api-server");

/** The server's certificate. It and its key are only for tests, and valid only on loopback. */
export const apiServerCertificate = fs.readFileSync(path.join(folder, "certificate.pem"));

export interface ApiServer {
  readonly url: string;
  /** Tokens of the requests, in order. */
  readonly tokens: readonly string[];
  stop(): void;
}

/**
 * A server on loopback that responds like an API server. @param status Status of each response, by the request's
 * number.
 */
export async function startApiServer(status: (question: number) => number): Promise<ApiServer> {
  const tokens: string[] = [];
  const key = fs.readFileSync(path.join(folder, "key.pem"));
  const server = createServer({ key, cert: apiServerCertificate }, ({ headers }, answer) => {
    tokens.push(headers.authorization ?? "");
    answer.writeHead(status(tokens.length)).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // The server must not keep the process running after the test.
  server.unref();
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Creates a command `aws` in a folder that prints a new token each time, or fails with the given message. */
export function fakeAws(commands: string, failure?: string): void {
  fs.mkdirSync(commands, { recursive: true });
  const text =
    failure === undefined
      ? `printf '{"status":{"token":"token-%s"}}' "$$"`
      : `echo '${failure}' >&2\nexit 255`;
  fs.writeFileSync(path.join(commands, "aws"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}
