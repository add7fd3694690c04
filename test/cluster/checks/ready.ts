import type { Cluster } from "../cluster";
import { awaitReady, ownersIn, unreadyWords } from "../readiness";
import type { CronJob, Job } from "../types";
import type { Check } from "./check";

/** Deployments, StatefulSets and Jobs become ready on the simulated nodes, and one run of every CronJob completes. */
export const ready: Check = {
  name: "workloads become ready",
  async run({ cluster, patience }) {
    for (const job of (await cluster.list<CronJob>("batch/v1", "CronJob")).map(oneRun))
      await start(cluster, job);
    const unready = await awaitReady(cluster, patience);
    const { scaled, jobs } = await ownersIn(cluster);
    return { examined: scaled.length + jobs.length, findings: unready.map(unreadyWords) };
  },
};

async function start(cluster: Cluster, job: Job): Promise<void> {
  if ((await cluster.find(job)) === undefined) await cluster.create(job);
}

/** A Job as created by `kubectl create job --from=cronjob/…`. */
function oneRun({ metadata, spec: { jobTemplate } }: CronJob): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${metadata.name.slice(0, 57)}-trial`,
      namespace: metadata.namespace,
      labels: jobTemplate.metadata?.labels,
    },
    spec: jobTemplate.spec,
  };
}
