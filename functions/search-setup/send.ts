import { request as https } from "node:https";
import { sign } from "aws4";
import type { Answer, Send } from "./apply";

/** Milliseconds after which a request counts as lost. */
const timeout = 30_000;

/** Sends requests to a domain, each signed with the function's own credentials. */
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
        // Dashboards asks for it on every change, and keeps saved objects by tenant.
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
      // A new domain's name may not be known yet: that is no answer, and is tried again.
      call.on("error", ({ message }) => resolve({ status: 503, text: message }));
      call.end(text);
    });
  };
