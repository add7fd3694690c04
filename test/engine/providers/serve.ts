import * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { main } from "@pulumi/pulumi/provider";
import type { Failure } from "./rule";
import { answering, type Note, type Request, type Service } from "./service";
import { canonical, reveal, type Values } from "./wire";

type Handler = (call: { request: never }, callback: (error: unknown, answer?: unknown) => void) => void;
type Handlers = Record<string, Handler>;
type Struct = ReturnType<messages.CheckRequest["getNews"]>;

/**
 * Serves a provider to the engine with the SDK's own server, and adds what that lacks: the provider's configuration,
 * previews, and previous inputs.
 *
 * The SDK has no hook for this, so the handlers are wrapped before they reach the gRPC server.
 */
export function serve(service: Service, args: string[], write: (note: Note) => void): Promise<void> {
  // grpc-js looks up handlers by name, on the object itself or its prototype.
  const addService = grpc.Server.prototype.addService;
  grpc.Server.prototype.addService = function (definition, handlers) {
    const added = Object.create(handlers as object) as grpc.UntypedServiceImplementation;
    addService.call(
      this,
      definition,
      Object.assign(added, overlay(handlers as unknown as Handlers, service, write)),
    );
  };
  return main(service, args);
}

function overlay(base: Handlers, service: Service, write: (note: Note) => void): Handlers {
  const within = (name: string, asked: (request: never) => Request): Handlers => ({
    [name]: (call, callback) => answering(asked(call.request), () => base[name]?.call(base, call, callback)),
  });
  const preview = (request: messages.CreateRequest) => ({ preview: request.getPreview(), oldInputs: {} });
  const update = (request: messages.UpdateRequest) => ({
    preview: request.getPreview(),
    oldInputs: values(request.getOldInputs()),
  });
  const diff = (request: messages.DiffRequest) => ({
    preview: false,
    oldInputs: values(request.getOldInputs()),
  });
  return {
    ...within("create", preview),
    ...within("update", update),
    ...within("diff", diff),
    configure: configure(base, service),
    checkConfig: checkConfig(service, write),
    diffConfig: diffConfig(service),
  };
}

const values = (struct: Struct) => (struct?.toJavaScript() ?? {}) as Values;

function configure(base: Handlers, service: Service): Handler {
  return (call, callback) => {
    try {
      service.configure(configuration((call.request as messages.ConfigureRequest).getArgs()));
    } catch (error) {
      return callback({ code: grpc.status.INVALID_ARGUMENT, details: (error as Error).message });
    }
    base["configure"]?.call(base, call, (error: unknown, answer: unknown) => {
      (answer as messages.ConfigureResponse).setSupportspreview(true);
      callback(error, answer);
    });
  };
}

/** The SDK sends a provider's nested inputs as JSON. */
function configuration(args: Struct): Values {
  const decoded = (value: unknown): unknown => {
    if (typeof value !== "string" || !/^\s*[[{]|^(true|false)$/.test(value)) return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  return Object.fromEntries(
    Object.entries(reveal(values(args)) as Values).map(([key, value]) => [key, decoded(value)]),
  );
}

function checkConfig(service: Service, write: (note: Note) => void): Handler {
  return (call, callback) => {
    const request = call.request as messages.CheckRequest;
    const news = values(request.getNews());
    write({ note: "check", urn: request.getUrn(), news });
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(service.checkConfig(configuration(request.getNews())).map(failure));
    callback(undefined, response);
  };
}

function failure({ property, reason }: Failure): messages.CheckFailure {
  const message = new messages.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

function diffConfig(service: Service): Handler {
  return (call, callback) => {
    const request = call.request as messages.DiffRequest;
    const [before, wanted] = [values(request.getOldInputs()), values(request.getNews())];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(wanted)])];
    const changed = keys.filter((key) => canonical(before[key]) !== canonical(wanted[key]));
    const response = new messages.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setReplacesList(changed.filter((key) => service.replacesConfig(key, wanted)));
    response.setDiffsList(changed);
    callback(undefined, response);
  };
}
