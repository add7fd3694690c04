import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** An alias as sent: a URN, or those of its parts that differ. */
export type Alias =
  | string
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent?: true };

/** Options of a resource in a report, in addition to its own fields. Only those that are set. */
export interface ResourceOptions {
  /** Package name → reference of the provider that a component passes to its children. */
  providers?: Record<string, string>;
  aliases?: Alias[];
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  hideDiffs?: string[];
  additionalSecretOutputs?: string[];
  deleteBeforeReplace?: boolean;
  retainOnDelete?: true;
  /** URN of the resource whose deletion also deletes this one. */
  deletedWith?: string;
  replaceWith?: string[];
  /** Durations as written, `"20m"`. */
  customTimeouts?: { create?: string; update?: string; delete?: string; read?: string };
  import?: string;
  version?: string;
  pluginDownloadURL?: string;
}

/** The options that a registration sets, without those with default values. */
export function readOptions(request: RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  return compact({
    providers: compact(Object.fromEntries(request.getProvidersMap().getEntryList())),
    aliases: request.getAliasesList().map(readAlias),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hideDiffs: request.getHidediffsList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    retainOnDelete: request.getRetainondelete() || undefined,
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    customTimeouts: compact({
      create: timeouts?.getCreate(),
      update: timeouts?.getUpdate(),
      delete: timeouts?.getDelete(),
      read: timeouts?.getRead(),
    }),
    import: request.getImportid(),
    version: request.getVersion(),
    pluginDownloadURL: request.getPlugindownloadurl(),
  }) as ResourceOptions;
}

type AliasProto = ReturnType<RegisterResourceRequest["getAliasesList"]>[number];

function readAlias(alias: AliasProto): Alias {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  return compact({
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent() || undefined,
  }) as Alias;
}

/** The object without empty texts, lists and maps, which mean "not set" in protobuf. */
function compact(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
