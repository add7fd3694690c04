import { runtime } from "@pulumi/pulumi";
import type * as resproto from "@pulumi/pulumi/proto/resource_pb";

import { isKubernetesObject, withName } from "./kubernetes";
import { readOptions, type ResourceOptions } from "./options";
import { holdsUnknown, secret, type WireObject } from "./wire";

/** One resource as the program registered it. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; undefined for the stack itself. */
  parent: string | undefined;
  /** True for a resource that a provider manages, false for a component. */
  custom: boolean;
  /** `urn::id` of the provider that manages it; undefined for components and for providers. */
  provider: string | undefined;
  protect: boolean;
  /** URNs of everything it waits for, sorted. */
  dependencies: string[];
  /** Which of its inputs made it wait for which URNs. */
  propertyDependencies: Record<string, string[]>;
  options: ResourceOptions;
  /** Inputs as sent: unknowns and secrets are marked (see `wire.ts`). */
  inputs: WireObject;
  /** What a component (or the stack) registered as its outputs. */
  outputs: WireObject | undefined;
}

type Reply<T> = (error: Error | null, response?: T) => void;

/** The part of the SDK's connection to the engine that a program uses. */
interface Monitor {
  registerResource(request: resproto.RegisterResourceRequest, reply: Reply<object>): void;
  registerResourceOutputs(request: resproto.RegisterResourceOutputsRequest, reply: Reply<object>): void;
  readResource(request: resproto.ReadResourceRequest, reply: Reply<object>): void;
  invoke(request: resproto.ResourceInvokeRequest, reply: Reply<object>): void;
  call(request: resproto.ResourceCallRequest, reply: Reply<object>): void;
}

/** What the recorder needs to know of the run. */
export interface MonitorOptions {
  project: string;
  stack: string;
  /** False lets a custom resource fall back to a default provider. */
  requireProvider: boolean;
  onRegistration?: ((registration: Registration) => void) | undefined;
}

const ROOT_TYPE = "pulumi:pulumi:Stack";

/**
 * Stands in for the engine: takes every registration, answers as a preview of a new stack does (ids
 * unknown, outputs known as far as they are inputs), and keeps what it was sent.
 *
 * A fault is collected, never thrown: an error within a registration would leave the program waiting
 * for ever. The caller throws {@link faults} once the program has settled.
 */
export class RecordingMonitor {
  readonly registrations = new Map<string, Registration>();
  readonly faults: string[] = [];

  constructor(private readonly options: MonitorOptions) {}

  /** Takes over the calls of the SDK's own mock monitor, which answers what is left. */
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
    reply(null, response(registration, this.isConfigured(registration.provider)));
  }

  /** Whether a provider can be asked in a preview: one whose own inputs are unknown (a new cluster's) can't. */
  private isConfigured(provider: string | undefined): boolean {
    const inputs = provider && this.registrations.get(provider.slice(0, provider.lastIndexOf("::")))?.inputs;
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

  /** The URN that the engine gives: the whole chain of parent types, without the stack's own. */
  private urn(parent: string, type: string, name: string): string {
    const parentType = parent.split("::", 3)[2] ?? ROOT_TYPE;
    const chain = parentType === ROOT_TYPE ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${chain}::${name}`;
  }

  private check({ urn, type, custom, provider }: Registration, remote: boolean): void {
    if (this.registrations.has(urn)) {
      this.faults.push(`${urn} is registered twice: give one of the two another name`);
    }
    if (remote) {
      this.faults.push(`${urn} is a component of a provider plugin: it needs that plugin, so use local ones`);
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
      `the program ${what}: that needs an account, and what it finds may differ from run to run; ` +
      "put the value into the stack's configuration";
    this.faults.push(message);
    reply(Object.assign(new Error(message), { details: message }));
  }
}

/**
 * What the engine answers in a preview of something new: the inputs, no id, the rest unknown. All is unknown where
 * the provider can't be asked yet.
 */
function response({ urn, type, name, inputs, options }: Registration, configured: boolean): object {
  const known = isKubernetesObject(type, inputs) ? withName(urn, name, inputs) : inputs;
  const outputs = configured ? { ...known } : {};
  for (const key of options.additionalSecretOutputs ?? []) {
    outputs[key] = secret(outputs[key] ?? runtime.unknownValue);
  }
  return {
    getUrn: () => urn,
    getId: () => "",
    // The SDK reads this object and nothing else of the message.
    getObject: () => ({ toJavaScript: () => outputs }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
  };
}
