import { runtime } from "@pulumi/pulumi";
import type * as resproto from "@pulumi/pulumi/proto/resource_pb";

import { isKubernetesObject, withName } from "./kubernetes";
import { readOptions, type ResourceOptions } from "./options";
import { holdsUnknown, providerUrn, secret, type WireObject } from "./wire";

/** A resource as registered by the program. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; undefined for the stack itself. */
  parent: string | undefined;
  /** True for a resource managed by a provider, false for a component. */
  custom: boolean;
  /** `urn::id` of the provider that manages it; undefined for components and for providers. */
  provider: string | undefined;
  protect: boolean;
  /** URNs of all its dependencies, sorted. */
  dependencies: string[];
  /** URNs that each input depends on. */
  propertyDependencies: Record<string, string[]>;
  options: ResourceOptions;
  /** Inputs as sent: unknowns and secrets are marked (see `wire.ts`). */
  inputs: WireObject;
  /** Outputs that a component (or the stack) registered. */
  outputs: WireObject | undefined;
}

type Reply<T> = (error: Error | null, response?: T) => void;

/** The part of the SDK's engine interface that programs use. */
interface Monitor {
  registerResource(request: resproto.RegisterResourceRequest, reply: Reply<object>): void;
  registerResourceOutputs(request: resproto.RegisterResourceOutputsRequest, reply: Reply<object>): void;
  readResource(request: resproto.ReadResourceRequest, reply: Reply<object>): void;
  invoke(request: resproto.ResourceInvokeRequest, reply: Reply<object>): void;
  call(request: resproto.ResourceCallRequest, reply: Reply<object>): void;
}

/** Options of the recorder. */
export interface MonitorOptions {
  project: string;
  stack: string;
  /** Whether a custom resource without a provider is a fault; if not, it gets a default provider. */
  requireProvider: boolean;
  onRegistration?: ((registration: Registration) => void) | undefined;
  outputsOf?: OutputsOf | undefined;
}

/**
 * Outputs of a resource that only its provider would know, such as `id` and `arn`. Undefined: they stay unknown, as in a
 * preview of a new stack.
 */
export type OutputsOf = (registration: Registration) => WireObject | undefined;

const ROOT_TYPE = "pulumi:pulumi:Stack";

/**
 * Replaces the engine: records every registration, and responds as in a preview of a new stack (ids unknown, outputs
 * known if they are inputs).
 *
 * Faults are collected, never thrown: an error within a registration would leave the program waiting forever. The
 * caller throws {@link faults} once the program has settled.
 */
export class RecordingMonitor {
  readonly registrations = new Map<string, Registration>();
  readonly faults: string[] = [];

  constructor(private readonly options: MonitorOptions) {}

  /** Replaces methods of the SDK's mock monitor, which handles the other calls. */
  attach(monitor: object): void {
    const own: Monitor = {
      registerResource: (request, reply) => this.register(request, reply),
      registerResourceOutputs: (request, reply) => this.registerOutputs(request, reply),
      readResource: (request, reply) =>
        this.refuse(`reads the existing resource ${request.getType()} "${request.getName()}"`, reply),
      invoke: (request, reply) => this.invoke(request, reply),
      call: (request, reply) => this.refuse(`calls the resource method ${request.getTok()}`, reply),
    };
    Object.assign(monitor, own);
  }

  private register(request: resproto.RegisterResourceRequest, reply: Reply<object>): void {
    const registration = this.read(request);
    this.check(registration, request.getRemote());
    this.registrations.set(registration.urn, registration);
    this.options.onRegistration?.(registration);
    const known = this.options.outputsOf?.(registration);
    reply(null, response(registration, this.isConfigured(registration.provider), known));
  }

  /** Whether a provider can be called in a preview: not if its inputs are unknown, as a new cluster's are. */
  private isConfigured(provider: string | undefined): boolean {
    const inputs = provider && this.registrations.get(providerUrn(provider))?.inputs;
    return !inputs || !holdsUnknown(inputs);
  }

  private read(request: resproto.RegisterResourceRequest): Registration {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const propertyDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((urns, key) => {
      if (urns.getUrnsList().length > 0) propertyDependencies[key] = urns.getUrnsList().sort();
    });
    return {
      urn: this.urn(parent, type, name),
      type,
      name,
      parent: parent === "" ? undefined : parent,
      custom: request.getCustom(),
      provider: request.getProvider() === "" ? undefined : request.getProvider(),
      protect: request.getProtect() ?? false,
      dependencies: request.getDependenciesList().sort(),
      propertyDependencies,
      options: readOptions(request),
      inputs: (request.getObject()?.toJavaScript() ?? {}) as WireObject,
      outputs: undefined,
    };
  }

  /** The URN as the engine builds it: with the types of all parents, except the stack's. */
  private urn(parent: string, type: string, name: string): string {
    const parentType = parent.split("::", 3)[2] ?? ROOT_TYPE;
    const chain = parentType === ROOT_TYPE ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${chain}::${name}`;
  }

  private check({ urn, type, custom, provider }: Registration, remote: boolean): void {
    if (this.registrations.has(urn)) {
      this.faults.push(`${urn} is registered twice: rename one of the two`);
    }
    if (remote) {
      this.faults.push(
        `${urn} is a component of a provider plugin: the preview doesn't run plugins, so use local components`,
      );
    }
    const needsProvider = custom && !type.startsWith("pulumi:providers:");
    if (this.options.requireProvider && needsProvider && provider === undefined) {
      this.faults.push(`${urn} has no explicit provider: pass one, or a parent that has one`);
    }
  }

  private registerOutputs(request: resproto.RegisterResourceOutputsRequest, reply: Reply<object>): void {
    const registration = this.registrations.get(request.getUrn());
    if (registration) registration.outputs = request.getOutputs()?.toJavaScript() as WireObject | undefined;
    reply(null, {});
  }

  private invoke(request: resproto.ResourceInvokeRequest, reply: Reply<object>): void {
    this.refuse(`calls the function ${request.getTok()}`, reply);
  }

  private refuse(what: string, reply: Reply<object>): void {
    const message =
      `the program ${what}: this needs an account, and its result may change between runs; ` +
      "put the value into the stack's configuration";
    this.faults.push(message);
    reply(Object.assign(new Error(message), { details: message }));
  }
}

/**
 * The engine's response in a preview of a new resource: its inputs, no id, all else unknown. Everything is unknown if
 * the provider can't be called yet.
 */
function response(
  { urn, type, name, inputs, options }: Registration,
  configured: boolean,
  computed: WireObject = {},
): object {
  const known = isKubernetesObject(type, inputs) ? withName(urn, name, inputs) : inputs;
  const outputs = configured ? { ...computed, ...known } : {};
  for (const key of options.additionalSecretOutputs ?? []) {
    outputs[key] = secret(outputs[key] ?? runtime.unknownValue);
  }
  return {
    getUrn: () => urn,
    getId: () => (typeof computed.id === "string" ? computed.id : ""),
    // The SDK reads only this object of the message.
    getObject: () => ({ toJavaScript: () => outputs }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
  };
}
