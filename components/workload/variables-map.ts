import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Variable } from "./pod";

/** Plain variables in the cluster, and a digest of them: it restarts the pods when they change. */
export interface VariablesMap {
  readonly resource: pulumi.Resource;
  readonly digest: pulumi.Output<string>;
}

/** A workload's plain variables in a ConfigMap of the name that its document has; none where it has none. */
export function variablesMap(
  resource: string,
  args: {
    readonly name: string | undefined;
    readonly metadata: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
    readonly variables: readonly Variable[];
  },
  opts: pulumi.CustomResourceOptions,
): VariablesMap | undefined {
  const { name, metadata, variables } = args;
  if (name === undefined) return undefined;
  const data: Record<string, pulumi.Input<string>> = {};
  for (const variable of variables) if ("value" in variable) data[variable.name] = variable.value;
  const digest = pulumi
    .output(data)
    .apply((values) => createHash("sha256").update(JSON.stringify(values)).digest("hex"));
  return {
    resource: new k8s.core.v1.ConfigMap(resource, { metadata: { ...metadata, name }, data }, opts),
    digest,
  };
}
