import { Agent, request as httpsRequest } from "node:https";

/** Address and credentials of the server. */
export interface Endpoint {
  url: string;
  token: string;
  /** The server's self-signed certificate, PEM. */
  ca: string;
}

export interface RequestOptions {
  query?: Record<string, string>;
  body?: unknown;
  /** Content type of the body. Default: JSON. */
  contentType?: string;
  accept?: string;
  /** User to impersonate in the request. */
  impersonate?: { user: string; groups: readonly string[] };
}

export interface Reply<T> {
  body: T;
  /** Warnings of the server: deprecated APIs, unknown or duplicate fields, Pod Security in `warn` mode. */
  warnings: string[];
}

/** The server's refusal, with its message. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Client of the API server over HTTPS.
 *
 * Not `@kubernetes/client-node`: its object API supports neither strict field validation (essential for this test) nor
 * warnings, and its releases since 2.0 need a newer Node than Plinth.
 */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(private readonly endpoint: Endpoint) {}

  /** Sends one request. Throws ApiError if the server refuses it, another Error if it can't be reached. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
    const { status, text, warnings } = await this.send(method, path, options);
    if (status >= 200 && status < 300) return { body: JSON.parse(text) as T, warnings };
    throw refusal(status, text);
  }

  /** Plain text of an endpoint without JSON, such as `/readyz`. */
  async text(path: string): Promise<string> {
    const { status, text } = await this.send("GET", path, {});
    if (status !== 200) throw refusal(status, text);
    return text;
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, options: RequestOptions): Promise<RawReply> {
    const { endpoint, agent } = this;
    const url = new URL(path, endpoint.url);
    for (const [key, value] of Object.entries(options.query ?? {})) url.searchParams.set(key, value);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = headersOf(options, endpoint.token, body);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        url,
        { method, headers, agent, ca: endpoint.ca, timeout: 30_000 },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on("data", (chunk: Buffer) => chunks.push(chunk));
          reply.on("error", reject);
          reply.on("end", () =>
            resolve({
              status: reply.statusCode ?? 0,
              text: Buffer.concat(chunks).toString("utf8"),
              warnings: parseWarnings(reply.headers.warning),
            }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

interface RawReply {
  status: number;
  text: string;
  warnings: string[];
}

function headersOf(options: RequestOptions, token: string, body?: string): Record<string, string | string[]> {
  const { impersonate, contentType, accept } = options;
  return {
    authorization: `Bearer ${token}`,
    accept: accept ?? "application/json",
    ...(body !== undefined && {
      "content-type": contentType ?? "application/json",
      "content-length": String(Buffer.byteLength(body)),
    }),
    ...(impersonate && {
      "impersonate-user": impersonate.user,
      "impersonate-group": [...impersonate.groups],
    }),
  };
}

function refusal(code: number, text: string): ApiError {
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(code, status.reason ?? "", status.message ?? text);
  } catch {
    return new ApiError(code, "", `HTTP ${code}: ${text.slice(0, 500)}`);
  }
}

/** Parses `299 - "text"`, with several separated by commas. */
function parseWarnings(header: string | undefined): string[] {
  const matches = (header ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...matches].map((match) => (match[1] ?? "").replaceAll(/\\(.)/g, "$1"));
}
