import { request as https } from "node:https";
import { sign } from "aws4";
import type { Answer, Send } from "./apply";

/** Timeout of a request in milliseconds. */
const timeout = 30_000;

/** Sends requests to a domain, signed with the function's credentials. */
export const signed =
  (host: string): Send =>
  ({ method, path, body }) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { headers } = sign({
      host,
      service: "es",
      method,
      path,
      ...(text === undefined ? {} : { body: text }),
      headers: {
        "Content-Type": "application/json",
        // Dashboards requires this header on every change, and stores saved objects per tenant.
        ...(path.startsWith("/_dashboards/") ? { "osd-xsrf": "true", securitytenant: "global" } : {}),
      },
    });
    return new Promise<Answer>((resolve, reject) => {
      const call = https({ host, method, path, headers, timeout }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
        response.on("error", reject);
      });
      call.on("timeout", () => call.destroy(new Error(`${method} ${path}: no answer in ${timeout} ms`)));
      // The name of a new domain may not resolve yet: retried like a 503.
      call.on("error", ({ message }) => resolve({ status: 503, text: message }));
      call.end(text);
    });
  };
