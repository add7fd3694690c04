import * as fs from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

const folder = path.join(__dirname, "api-server");

/** What clients check the server by. It and its key are the tests' own, and valid on loopback alone. */
export const apiServerCertificate = fs.readFileSync(path.join(folder, "certificate.pem"));

export interface ApiServer {
  readonly url: string;
  /** Tokens that it was asked with, in order. */
  readonly tokens: readonly string[];
  stop(): void;
}

/** A server on loopback that answers as an API server would. @param status Answer to each question, by its number. */
export async function startApiServer(status: (question: number) => number): Promise<ApiServer> {
  const tokens: string[] = [];
  const key = fs.readFileSync(path.join(folder, "key.pem"));
  const server = createServer({ key, cert: apiServerCertificate }, ({ headers }, answer) => {
    tokens.push(headers.authorization ?? "");
    answer.writeHead(status(tokens.length)).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that has ended needs no server any more.
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

/** Puts a command `aws` into a folder that makes a new token each time, or fails with the words that it is given. */
export function fakeAws(commands: string, failure?: string): void {
  fs.mkdirSync(commands, { recursive: true });
  const text =
    failure === undefined
      ? `printf '{"status":{"token":"token-%s"}}' "$$"`
      : `echo '${failure}' >&2\nexit 255`;
  fs.writeFileSync(path.join(commands, "aws"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}
