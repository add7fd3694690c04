import { execFile } from "node:child_process";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { tokenCommand, type Endpoint } from "./kubeconfig";

/** Time limit and pause between requests, in milliseconds. */
export interface Patience {
  readonly limit: number;
  readonly pause: number;
}

/** Access entries take effect within seconds; DNS of a new endpoint may take minutes. */
const patience: Patience = { limit: 5 * 60_000, pause: 3_000 };
/**
 * Required successes in a row: several API servers share the endpoint, and an access entry takes effect on each at a
 * different time.
 */
const answersInRow = 3;
/** Timeout of one request, in milliseconds. */
const timeout = 10_000;

/** A request that fails for users who are authenticated but not yet authorized. */
const path = "/api/v1/namespaces?limit=1";

/**
 * Waits until the API server accepts Pulumi's credentials. For some seconds after an access entry is created it refuses
 * them, and the Kubernetes provider would then treat the cluster as unreachable for the rest of the run. An existing
 * cluster answers at once.
 *
 * Throws after the time limit, or when it gets no token.
 */
export async function untilAdmitted(cluster: Endpoint, { limit, pause }: Patience = patience): Promise<void> {
  const end = Date.now() + limit;
  for (;;) {
    // A new token for each request: API servers cache refused tokens.
    const refusal = await refusalOf(cluster, await token(cluster));
    if (refusal === undefined) return;
    if (Date.now() >= end)
      throw new pulumi.RunError(
        `The API server of cluster ${cluster.name} (${cluster.endpoint}) rejects Pulumi's request: ${refusal}. ` +
          "With 401 or 403, add the role that runs Pulumi to the admins in plinth:cluster.access. Without an answer, add this machine's address to plinth:cluster.publicAccessCidrs, or run in the VPC. Then run `pulumi up` again.",
      );
    await sleep(pause);
  }
}

/** Why the cluster refuses this token; undefined: it accepts it. */
async function refusalOf(cluster: Endpoint, bearer: string): Promise<string | undefined> {
  for (let answers = 0; answers < answersInRow; answers += 1) {
    const refusal = await ask(cluster, bearer).catch((error: Error) => error.message);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** One request over a new connection, so the next may reach another API server. */
function ask({ endpoint, certificateAuthority }: Endpoint, bearer: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, endpoint),
      {
        agent: false,
        ca: Buffer.from(certificateAuthority, "base64"),
        headers: { authorization: `Bearer ${bearer}` },
        timeout,
      },
      ({ statusCode = 0, statusMessage = "" }) => {
        sent.destroy();
        resolve(statusCode === 200 ? undefined : `${statusCode} ${statusMessage}`);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    sent.on("error", reject);
    sent.end();
  });
}

/** A token from the kubeconfig's command. */
function token(cluster: Endpoint): Promise<string> {
  const { command, args, installHint } = tokenCommand(cluster);
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) {
        const { status } = JSON.parse(stdout) as { status: { token: string } };
        resolve(status.token);
        return;
      }
      const why = error.code === "ENOENT" ? installHint : stderr.trim() || error.message;
      reject(
        new pulumi.RunError(
          `No token for cluster ${cluster.name}: \`${command} eks get-token\` failed: ${why}`,
        ),
      );
    });
  });
}
