import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

import type { Pods } from "./pods";
import { QUEUE_URL } from "./stack";

/** Messages of an SQS queue. */
interface Queue {
  /** Messages that a consumer could receive now. */
  visible: number;
  /** Messages that a consumer has received and not deleted yet. */
  inFlight: number;
}

/** `<service>.<namespace>.svc.cluster.local`, and names below it: `nats-0.nats-headless.…`. */
const SERVICE = /(?:^|\.)(?<service>[a-z0-9-]+)\.(?<namespace>[a-z0-9-]+)\.svc\.cluster\.local$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * The cluster's HTTP network: a forward proxy on loopback. Addresses of simulated pods aren't reachable, but every Go
 * program uses the proxy in `HTTP_PROXY` for other hosts. So each controller calls the exact URLs that the stack
 * configures.
 */
export class Network {
  private readonly server: Server;
  private readonly programs = new Map<string, number>();
  /** The existing SQS queues, by URL. */
  readonly queues = new Map<string, Queue>([[QUEUE_URL, { visible: 0, inFlight: 0 }]]);
  /** Every requested URL, with the status of the response. */
  readonly asked: { url: string; status: number }[] = [];

  constructor(private readonly pods: Pods) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(502);
        response.end(String(error));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(0, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Environment variables that make a Go program use this proxy. Go never uses a proxy for loopback. */
  get env(): Record<string, string> {
    return { HTTP_PROXY: this.url, http_proxy: this.url, HTTPS_PROXY: "", NO_PROXY: "127.0.0.1,localhost" };
  }

  /** Routes a Service's port to a program on loopback; without one it is unreachable. */
  lead(service: string, namespace: string, port: number, local: number | undefined): void {
    const key = `${service}.${namespace}:${port}`;
    if (local === undefined) this.programs.delete(key);
    else this.programs.set(key, local);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://nowhere.invalid");
    const done = (status: number, body: string): void => {
      this.asked.push({ url: url.href, status });
      response.writeHead(status, { "content-type": "text/plain; version=0.0.4" }).end(body);
    };
    if (request.headers["x-amz-target"] === "AmazonSQS.GetQueueAttributes") {
      const { status, body } = await this.queue(request);
      return done(status, body);
    }
    if (ADDRESS.test(url.hostname)) {
      const metrics = await this.pods.metrics(url.hostname);
      return metrics === undefined ? done(502, `no pod has ${url.hostname}`) : done(200, metrics);
    }
    const { service = "", namespace = "" } = SERVICE.exec(url.hostname)?.groups ?? {};
    const local = this.programs.get(`${service}.${namespace}:${url.port === "" ? 80 : url.port}`);
    if (local !== undefined) return this.forward(request, response, url, local);
    const served = await this.pods.serve(namespace, service);
    return served ? done(served.status, served.body) : done(502, `${url.host} leads nowhere`);
  }

  /** SQS's JSON protocol, as KEDA uses it: returns exactly the requested attributes. */
  private async queue(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const { QueueUrl, AttributeNames } = (await json(request)) as Record<"QueueUrl", string> &
      Record<"AttributeNames", string[]>;
    const queue = this.queues.get(QueueUrl);
    if (queue === undefined) {
      const __type = "com.amazonaws.sqs#QueueDoesNotExist";
      return { status: 400, body: JSON.stringify({ __type, message: `${QueueUrl} does not exist` }) };
    }
    const attributes: Record<string, number> = {
      ApproximateNumberOfMessages: queue.visible,
      ApproximateNumberOfMessagesNotVisible: queue.inFlight,
      ApproximateNumberOfMessagesDelayed: 0,
    };
    const asked = AttributeNames.map((name) => [name, String(attributes[name])]);
    return { status: 200, body: JSON.stringify({ Attributes: Object.fromEntries(asked) as unknown }) };
  }

  private forward(request: IncomingMessage, response: ServerResponse, url: URL, port: number): Promise<void> {
    const { method, headers } = request;
    return new Promise((resolve, reject) => {
      const path = url.pathname + url.search;
      const onward = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (reply) => {
        this.asked.push({ url: url.href, status: reply.statusCode ?? 0 });
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response).once("finish", resolve);
      });
      onward.once("error", reject);
      request.pipe(onward);
    });
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
