import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/*
 * The smallest service that keeps docs/image-contract.md: it says that it is well, counts its requests, writes one line
 * of JSON for each, and ends on SIGTERM when it has answered what it was asked. It knows no other path, so nobody takes
 * it for the service whose place it holds.
 */

/** Upper ends of the histogram's buckets, in seconds; the analyses of releases look at the one at a second. */
const buckets = [0.005, 0.05, 0.25, 1, 5];

/** What was counted so far: requests by status, and how long they took. */
const counts = { statuses: new Map(), seconds: buckets.map(() => 0), sum: 0, total: 0 };

function count(status, seconds) {
  counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1);
  buckets.forEach((end, index) => (counts.seconds[index] += seconds <= end ? 1 : 0));
  counts.sum += seconds;
  counts.total += 1;
}

const metrics = () =>
  [
    "# TYPE http_requests_total counter",
    ...[...counts.statuses].map(([status, all]) => `http_requests_total{status_code="${status}"} ${all}`),
    "# TYPE http_request_duration_seconds histogram",
    ...buckets.map(
      (end, index) => `http_request_duration_seconds_bucket{le="${end}"} ${counts.seconds[index]}`,
    ),
    `http_request_duration_seconds_bucket{le="+Inf"} ${counts.total}`,
    `http_request_duration_seconds_sum ${counts.sum}`,
    `http_request_duration_seconds_count ${counts.total}`,
    "",
  ].join("\n");

const answers = {
  "/health": () => [200, "application/json", '{"status":"ok"}\n'],
  "/metrics": () => [200, "text/plain; version=0.0.4", metrics()],
};

function answer(request, response) {
  const start = process.hrtime.bigint();
  const path = request.url?.split("?")[0] ?? "/";
  const [status, type, body] = answers[path]?.() ?? [404, "text/plain", "hello: nothing here\n"];
  response.writeHead(status, { "Content-Type": type }).end(request.method === "HEAD" ? undefined : body);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (path === "/metrics") return;
  count(status, seconds);
  if (path !== "/health") console.log(JSON.stringify({ method: request.method, path, status, seconds }));
}

/** Serves TLS with the certificate of a directory, or plain HTTP if there is none. */
export function serverWith(directory) {
  const [cert, key] = ["tls.crt", "tls.key"].map((file) => join(directory, file));
  if (!existsSync(cert)) return createServer(answer);
  return createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer);
}

export const server = serverWith("/etc/plinth/tls");

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  server.listen(Number(process.env.PORT ?? 8000), () =>
    console.log(JSON.stringify({ listening: server.address().port })),
  );
  process.once("SIGTERM", () => server.close(() => process.exit(0)));
}
