import { execFile } from "node:child_process";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { tokenCommand, type Endpoint } from "./kubeconfig";

/** How long to ask, and how often, in milliseconds. */
export interface Patience {
  readonly limit: number;
  readonly pause: number;
}

/** Access entries take seconds to be in force; a new endpoint's name may take minutes to be known. */
const patience: Patience = { limit: 5 * 60_000, pause: 3_000 };
/** Answers in a row that count: the endpoint stands for several API servers, and each learns of access by itself. */
const answersInRow = 3;
/** Milliseconds for one answer. */
const timeout = 10_000;

/** What nobody may read who was let in but has no rights yet. */
const path = "/api/v1/namespaces?limit=1";

/**
 * Waits until the API server lets Pulumi in. After an access entry was made it refuses for some seconds, and the
 * Kubernetes provider, once refused, counts the cluster as unreachable for the rest of the run. A cluster that has
 * stood for a while answers at once.
 *
 * Throws when its time is over, or when no token can be had.
 */
export async function untilAdmitted(cluster: Endpoint, { limit, pause }: Patience = patience): Promise<void> {
  const end = Date.now() + limit;
  for (;;) {
    // A new token each time: API servers remember those that they have refused.
    const refusal = await refusalOf(cluster, await token(cluster));
    if (refusal === undefined) return;
    if (Date.now() >= end)
      throw new pulumi.RunError(
        `The API server of cluster ${cluster.name} (${cluster.endpoint}) doesn't let Pulumi in: ${refusal}. ` +
          "At 401 or 403, the role that runs Pulumi must be an admin of plinth:cluster.access; without an answer, this machine's address must lie in plinth:cluster.publicAccessCidrs, or in the VPC. Then run `pulumi up` again.",
      );
    await sleep(pause);
  }
}

/** Why the cluster doesn't let this token in; undefined: it does. */
async function refusalOf(cluster: Endpoint, bearer: string): Promise<string | undefined> {
  for (let answers = 0; answers < answersInRow; answers += 1) {
    const refusal = await ask(cluster, bearer).catch((error: Error) => error.message);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** One question over a connection of its own, so that another server may answer the next. */
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

/** A token, as the kubeconfig's own command makes it. */
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
        new pulumi.RunError(`No token for cluster ${cluster.name}: \`${command} eks get-token\`: ${why}`),
      );
    });
  });
}
