import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { Registration } from "../monitor";
import type { ProjectStack } from "../project";
import { toStruct } from "../sdk/structs";
import { providerUrn, type WireObject } from "../wire";
import type { PolicyLevels } from "./levels";

const LEVEL: Readonly<Record<string, proto.EnforcementLevel>> = {
  advisory: proto.EnforcementLevel.ADVISORY,
  disabled: proto.EnforcementLevel.DISABLED,
  mandatory: proto.EnforcementLevel.MANDATORY,
  remediate: proto.EnforcementLevel.REMEDIATE,
};

type Providers = ReadonlyMap<string, Registration>;

/** Requests about resources, in the engine's form. */
export class Requests {
  /** A resource's properties are sent twice, by itself and with the stack; a provider's with each of its resources. */
  private readonly structs = new WeakMap<WireObject, Struct>();

  constructor(
    private readonly struct: (object: WireObject) => Struct,
    private readonly providers: Providers,
  ) {}

  /** A resource before it is created. */
  resource(registration: Registration): proto.AnalyzeRequest {
    return new proto.AnalyzeRequest()
      .setUrn(registration.urn)
      .setType(registration.type)
      .setName(registration.name)
      .setProperties(this.properties(registration.inputs))
      .setOptions(options(registration))
      .setProvider(this.provider(registration));
  }

  /**
   * The whole stack: each resource with its known outputs. In a preview of a new stack those are its inputs, or what a
   * component registered.
   */
  stack(registrations: readonly Registration[]): proto.AnalyzeStackRequest {
    return new proto.AnalyzeStackRequest().setResourcesList(registrations.map((r) => this.stackResource(r)));
  }

  private stackResource(registration: Registration): proto.AnalyzerResource {
    const message = new proto.AnalyzerResource()
      .setUrn(registration.urn)
      .setType(registration.type)
      .setName(registration.name)
      .setParent(registration.parent ?? "")
      .setProperties(this.properties(registration.outputs ?? registration.inputs))
      .setOptions(options(registration))
      .setDependenciesList(registration.dependencies)
      .setProvider(this.provider(registration));
    const dependencies = message.getPropertydependenciesMap();
    for (const [key, urns] of Object.entries(registration.propertyDependencies)) {
      dependencies.set(key, new proto.AnalyzerPropertyDependencies().setUrnsList(urns));
    }
    return message;
  }

  private provider({ provider }: Registration): proto.AnalyzerProviderResource | undefined {
    const of = provider === undefined ? undefined : this.providers.get(providerUrn(provider));
    if (of === undefined) return undefined;
    return new proto.AnalyzerProviderResource()
      .setUrn(of.urn)
      .setType(of.type)
      .setName(of.name)
      .setProperties(this.properties(of.inputs));
  }

  /** The inputs without internal ones of the engine. */
  private properties(inputs: WireObject): Struct {
    const known = this.structs.get(inputs);
    if (known) return known;
    const own = Object.entries(inputs).filter(([key]) => !key.startsWith("__"));
    const struct = this.struct(Object.fromEntries(own));
    this.structs.set(inputs, struct);
    return struct;
  }
}

/** The stack and its configuration. */
export function stackConfiguration({
  project,
  stack,
  config,
  secretKeys,
}: ProjectStack): proto.AnalyzerStackConfigureRequest {
  const message = new proto.AnalyzerStackConfigureRequest()
    .setProject(project)
    .setStack(stack)
    .setDryRun(true)
    .setConfigSecretKeysList(secretKeys);
  const map = message.getConfigMap();
  Object.entries(config).forEach(([key, value]) => map.set(key, value));
  return message;
}

/**
 * Each policy's level and configuration: its schema's defaults, overridden by the pack's, then by the stack's policy
 * config file, for all policies and for this one.
 */
export function policyConfiguration(
  info: proto.AnalyzerInfo,
  levels: PolicyLevels = {},
): proto.ConfigureAnalyzerRequest {
  const request = new proto.ConfigureAnalyzerRequest();
  const given = info.getInitialconfigMap();
  for (const policy of info.getPoliciesList()) {
    const [own, all] = [given.get(policy.getName()), given.get("all")];
    const said = levels[policy.getName()]?.enforcementLevel ?? levels.all?.enforcementLevel;
    const level =
      (said === undefined ? undefined : LEVEL[said]) ??
      own?.getEnforcementlevel() ??
      all?.getEnforcementlevel() ??
      policy.getEnforcementlevel();
    const values = {
      ...defaults(policy),
      ...own?.getProperties()?.toJavaScript(),
      ...levels[policy.getName()]?.settings,
    };
    const config = new proto.PolicyConfig()
      .setEnforcementlevel(level)
      .setProperties(toStruct(values as WireObject));
    request.getPolicyconfigMap().set(policy.getName(), config);
  }
  return request;
}

function defaults(policy: proto.PolicyInfo): WireObject {
  const schema = (policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as Record<
    string,
    WireObject
  >;
  const entries = Object.entries(schema).flatMap(([key, property]) =>
    property.default === undefined ? [] : [[key, property.default] as const],
  );
  return Object.fromEntries(entries);
}

function options({ protect, parent, options }: Registration): proto.AnalyzerResourceOptions {
  const timeouts = new proto.AnalyzerResourceOptions.CustomTimeouts()
    .setCreate(seconds(options.customTimeouts?.create))
    .setUpdate(seconds(options.customTimeouts?.update))
    .setDelete(seconds(options.customTimeouts?.delete))
    .setRead(seconds(options.customTimeouts?.read));
  return new proto.AnalyzerResourceOptions()
    .setProtect(protect)
    .setIgnorechangesList(options.ignoreChanges ?? [])
    .setDeletebeforereplace(options.deleteBeforeReplace ?? false)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined)
    .setAdditionalsecretoutputsList(options.additionalSecretOutputs ?? [])
    .setAliasesList((options.aliases ?? []).filter((alias) => typeof alias === "string"))
    .setCustomtimeouts(timeouts)
    .setParent(parent ?? "");
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3 };

/** Seconds of a duration in Go's format, `"1h30m"`. */
function seconds(duration: string | undefined): number {
  if (duration === undefined) return 0;
  const parts = duration.matchAll(/(?<amount>[\d.]+)(?<unit>ms|[hms])/g);
  return [...parts].reduce(
    (sum, { groups }) => sum + Number(groups?.amount) * (UNITS[groups?.unit ?? ""] ?? 0),
    0,
  );
}
