import type { Cluster } from "../cluster";
import { ofKind } from "../manifests";
import { awaitReady, unreadyWords } from "../readiness";
import { reload } from "../reloader";
import { selects } from "../selectors";
import { type KubeObject, nameOf, type Pod, type Scaled } from "../types";
import { type Workload, workloadsOf } from "../workloads";
import type { Check, Finding } from "./check";
import { podReferences } from "./pod-references";

type Synced = KubeObject & { spec: { refreshInterval?: string; target: { name?: string } } };

/** Longest time in minutes after which a Secret has the value that Secrets Manager has. */
const most = 60;

/**
 * Changes each Secret that External Secrets syncs, once, as after a rotation: the pods that read it are replaced, with
 * Reloader's own permissions, and no others. Jobs read the current value when they start.
 */
export const restarts: Check = {
  name: "a changed Secret restarts the pods that read it, and no others",
  async run({ cluster, objects, patience }) {
    const findings: Finding[] = [];
    const lasting = workloadsOf(objects).filter(({ object }) =>
      /^(Deployment|Rollout|StatefulSet)$/.test(object.kind),
    );
    const served = (["Deployment", "Rollout"] as const).filter((kind) =>
      kind === "Deployment" ? true : cluster.serves("argoproj.io/v1alpha1", kind),
    );
    let examined = 0;
    for (const secret of ofKind<Synced>(objects, "ExternalSecret")) {
      const readers = lasting.filter((workload) => reads(workload, secret));
      if (readers.length === 0) continue;
      examined += readers.length;
      findings.push(...slow(secret));
      const { name, namespace = "" } = { ...secret.metadata, name: targetOf(secret) };
      if (!watched(objects, namespace)) {
        findings.push(...readers.flatMap(unversioned));
        continue;
      }
      const before = await podsOf(cluster, readers);
      const restarted = (await reload(cluster, { name, namespace }, served)).map(nameOf);
      const wanted = readers.map(({ object }) => nameOf(object));
      const missed = wanted.filter((one) => !restarted.includes(one));
      const others = restarted.filter((one) => !wanted.includes(one) && !isStandIn(one, wanted));
      findings.push(
        ...missed.map((object) => ({ object, message: `reads ${name} and isn't restarted when it changes` })),
        ...others.map((object) => ({ object, message: `doesn't read ${name} and is restarted with it` })),
      );
      const unready = await awaitReady(cluster, patience, ({ metadata }) => metadata.namespace === namespace);
      findings.push(...unready.map(unreadyWords));
      const after = await podsOf(cluster, readers);
      findings.push(...left(before, after, missed));
    }
    return { examined, findings };
  },
};

/** Argo's controller doesn't run here, and a Rollout's stand-in has none of its annotations. */
const isStandIn = (name: string, wanted: readonly string[]): boolean =>
  wanted.includes(name.replace(/^Deployment /, "Rollout "));

const targetOf = ({ metadata, spec }: Synced): string => spec.target.name ?? metadata.name;

const reads = ({ object, template }: Workload, secret: Synced): boolean =>
  object.metadata.namespace === secret.metadata.namespace &&
  podReferences(template.spec).some(({ kind, name }) => kind === "Secret" && name === targetOf(secret));

/** Whether Reloader may restart workloads of the namespace. Without Reloader nothing changes outside an update. */
const watched = (objects: readonly KubeObject[], namespace: string): boolean =>
  ofKind(objects, "RoleBinding").some(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === "reloader",
  );

/** A digest of the Secret's sources in the pod template makes each change a new version. */
const unversioned = ({ object, template }: Workload): Finding[] =>
  template.metadata?.annotations?.["checksum/secret"] === undefined
    ? [{ object: nameOf(object), message: "has neither Reloader nor the annotation checksum/secret" }]
    : [];

function slow(secret: Synced): Finding[] {
  const [, count = "", unit = ""] = /^(\d+)([smh])$/.exec(secret.spec.refreshInterval ?? "") ?? [];
  const minutes = Number(count) * ({ s: 1 / 60, m: 1, h: 60 }[unit] ?? NaN);
  return minutes > 0 && minutes <= most
    ? []
    : [
        {
          object: nameOf(secret),
          message: `isn't refreshed every ${most} minutes: ${secret.spec.refreshInterval ?? "never"}`,
        },
      ];
}

type Pods = ReadonlyMap<string, readonly string[]>;

/** Ids of the pods of each Deployment. */
async function podsOf(cluster: Cluster, readers: readonly Workload[]): Promise<Pods> {
  const pods = await cluster.list<Pod>("v1", "Pod");
  const own = readers.filter(({ object }) => object.kind === "Deployment");
  return new Map(
    own.map(({ object }) => [
      nameOf(object),
      pods
        .filter(
          ({ metadata }) =>
            metadata.namespace === object.metadata.namespace &&
            metadata.deletionTimestamp === undefined &&
            selects((object as Scaled).spec.selector, metadata.labels),
        )
        .flatMap(({ metadata }) => metadata.uid ?? []),
    ]),
  );
}

/** Pods that still have the previous value. */
const left = (before: Pods, after: Pods, missed: readonly string[]): Finding[] =>
  [...after].flatMap(([object, ids]) => {
    const old = ids.filter((id) => before.get(object)?.includes(id));
    return old.length === 0 || missed.includes(object)
      ? []
      : [{ object, message: `${old.length} of its ${ids.length} pods still have the previous value` }];
  });
