import type { Document } from "yaml";

/** Where a stack file has cores: the node pool's limit, and the quotas of on-demand and spot vCPUs in each region. */
const places = [
  ["plinth:cluster", "nodePool", "limits", "cpu"],
  ...["plinth:account", "plinth:standby"].flatMap((owner) =>
    ["L-1216C47A", "L-34B43A08"].map((code) => [owner, "quotas", code]),
  ),
];

/** Gives a stack file room for more pods, as its owner would: in the node pool and in what AWS has granted. */
export function growCores(file: Document, grown: (cores: number) => number): void {
  for (const place of places) {
    const cores = file.getIn(["config", ...place]);
    if (cores === undefined) continue;
    const more = grown(Number(cores));
    file.setIn(["config", ...place], typeof cores === "string" ? String(more) : more);
  }
}
