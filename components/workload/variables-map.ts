import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Variable } from "./pod";
import type { Metadata } from "./labels";

/** A ConfigMap of plain variables, whose name depends on its content. */
export interface VariablesMap {
  readonly name: string;
  readonly resource: pulumi.Resource;
  /** Variables that are set in the pod itself. */
  readonly rest: readonly Variable[];
}

/** Label of ConfigMaps that are kept until no version of a workload uses them: see `.ci/prune-config`. */
const versioned = { "plinth/versioned": "true" } as const;

const digits = 8;

/**
 * A workload's plain variables in a ConfigMap, named as in its document plus a digest of the content; none if the
 * document has none. Outputs, such as a database's host, are set in the pod, so the name is known in every preview.
 *
 * Restarting pods of an old version, or a rollback by `undo`, need the old ConfigMap, so it is retained when replaced.
 * It may therefore exist already when an earlier content returns, and creating it again would be an error: a patch
 * creates it or leaves it unchanged.
 */
export function variablesMap(
  parent: Component,
  key: string,
  args: {
    readonly name: string | undefined;
    readonly metadata: Omit<Metadata, "name">;
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
