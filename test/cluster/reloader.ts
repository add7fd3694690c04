import type { Cluster } from "./cluster";
import type { Rollout } from "./rollouts";
import type { KubeObject, Scaled } from "./types";

/**
 * Replaces Reloader 1.4, whose module isn't served: when a Secret has changed, it lists the workloads of the namespace
 * and restarts those whose annotation names the Secret, with Reloader's own permissions, which the server checks.
 * Source: stakater/Reloader v1.4.21, `pkg/common/common.go` (ShouldReload), `internal/pkg/callbacks/rolling_upgrade.go`.
 */

/** Reloader's service account. */
const account = {
  user: "system:serviceaccount:reloader:reloader",
  groups: ["system:serviceaccounts", "system:serviceaccounts:reloader", "system:authenticated"],
};

const kinds = { Deployment: "apis/apps/v1", Rollout: "apis/argoproj.io/v1alpha1" } as const;

/**
 * Restarts the workloads that are annotated with a Secret, and returns them. Throws ApiError if Reloader may not.
 *
 * @param served the kinds that the server has
 */
export async function reload(
  cluster: Cluster,
  secret: { name: string; namespace: string },
  served: readonly (keyof typeof kinds)[],
): Promise<KubeObject[]> {
  const restarted: KubeObject[] = [];
  for (const kind of served) {
    const path = `/${kinds[kind]}/namespaces/${secret.namespace}/${kind.toLowerCase()}s`;
    const { body } = await cluster.client.request<{ items: (Scaled | Rollout)[] }>("GET", path, {
      impersonate: account,
    });
    for (const item of body.items.filter((one) => names(one, secret.name))) {
      await cluster.client.request("PATCH", `${path}/${item.metadata.name}`, {
        contentType: "application/merge-patch+json",
        query: { fieldManager: "Reloader" },
        impersonate: account,
        body: restartOf(kind, item, secret),
      });
      restarted.push({ ...item, kind });
    }
  }
  return restarted;
}

const annotation = "secret.reloader.stakater.com/reload";

/** The annotation is a list of regular expressions, on the workload or else on its pods. */
function names({ metadata, spec }: Scaled, secret: string): boolean {
  const given = metadata.annotations?.[annotation] ?? spec.template.metadata?.annotations?.[annotation] ?? "";
  return given.split(",").some((pattern) => new RegExp(`^${pattern.trim()}$`).test(secret));
}

function restartOf(kind: keyof typeof kinds, { metadata }: KubeObject, secret: { name: string }): object {
  const strategy = metadata.annotations?.["reloader.stakater.com/rollout-strategy"];
  const now = new Date().toISOString();
  if (kind === "Rollout" && strategy === "restart") return { spec: { restartAt: now.replace(/\.\d+/, "") } };
  const source = JSON.stringify({ type: "SECRET", name: secret.name, observedAt: now });
  const annotations = { "reloader.stakater.com/last-reloaded-from": source };
  return { spec: { template: { metadata: { annotations } } } };
}
