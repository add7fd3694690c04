import type { Cluster } from "../cluster/cluster";
import type { KubeObject } from "../cluster/types";
import { until } from "./watch";

interface Certificate extends KubeObject {
  status?: { revision?: number; notAfter?: string; renewalTime?: string; conditions?: object[] };
}

/** A Certificate by name and namespace. */
export const certificateOf = async (
  cluster: Cluster,
  metadata: { name: string; namespace: string },
): Promise<Certificate> =>
  cluster.get<Certificate>({ apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata });

/** Makes cert-manager renew a certificate, as it does before expiry; `cmctl renew` does the same. */
export async function renewCertificate(
  cluster: Cluster,
  metadata: { name: string; namespace: string },
): Promise<void> {
  const before = await certificateOf(cluster, metadata);
  const revision = before.status?.revision ?? 0;
  const now = new Date().toISOString();
  const issuing = { type: "Issuing", status: "True", reason: "ManuallyTriggered", lastTransitionTime: now };
  const conditions = [...(before.status?.conditions ?? []), issuing];
  await cluster.patch(before, { status: { conditions } }, "/status");
  await until(
    `${metadata.name} renewed`,
    60,
    async () => (await certificateOf(cluster, metadata)).status?.revision ?? 0,
    (seen) => seen > revision,
  );
}
