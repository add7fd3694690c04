import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Variable } from "./pod";

/** Plain variables in the cluster, under a name of their own for each content. */
export interface VariablesMap {
  readonly name: string;
  readonly resource: pulumi.Resource;
  /** Variables that stand in the pod itself. */
  readonly rest: readonly Variable[];
}

/** Label of ConfigMaps that stay until no version of a workload names them: see `.ci/prune-config`. */
export const versioned = { "plinth/versioned": "true" } as const;

const digits = 8;

/**
 * A workload's plain variables in a ConfigMap of the name that its document has, with a digest of them at its end;
 * none where it has none. What only AWS knows, such as a database's host, stands in the pod: so the name is known in
 * every preview.
 *
 * An old version's pods that restart, or a rollback by `undo`, need the old one: it outlives its replacement. It
 * may therefore be there already when an earlier content comes back, and creating what exists is an error: a patch
 * makes it or leaves it as it is.
 */
export function variablesMap(
  parent: Component,
  key: string,
  args: {
    readonly name: string | undefined;
    readonly metadata: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
    readonly variables: readonly Variable[];
    /** The namespace. */
    readonly waitsFor: readonly pulumi.Resource[];
  },
): VariablesMap | undefined {
  const { metadata, variables } = args;
  if (args.name === undefined) return undefined;
  const data: Record<string, string> = {};
  const rest: Variable[] = [];
  for (const variable of variables)
    if ("value" in variable && typeof variable.value === "string") data[variable.name] = variable.value;
    else rest.push(variable);
  const digest = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, digits);
  const name = `${args.name}-${digest}`;
  const labels = { ...metadata.labels, ...versioned };
  return {
    name,
    resource: new k8s.core.v1.ConfigMapPatch(
      parent.child(key),
      { metadata: { ...metadata, labels, name }, data, immutable: true },
      { ...parent.inside, dependsOn: [...args.waitsFor], retainOnDelete: true },
    ),
    rest,
  };
}
