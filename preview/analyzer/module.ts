import { Module } from "node:module";
import { join } from "node:path";

import { Server } from "@grpc/grpc-js";

import { plainStruct } from "../structs";
import { Analyzer, PackError, type Handlers, type PackRunner } from "./analyzer";

/** A rule, as far as its place in the pack counts. */
interface Rule {
  /** The SDK's mark of a rule that looks at one type alone, and the pack's of one that looks at several. */
  readonly validateResource?: {
    readonly __pulumiType?: string;
    readonly appliesTo?: (type: string) => boolean;
  };
}
type Serve = (name: string, version: string, level: string, args: { policies?: Rule[] }) => void;

/** The SDK's server, as far as it is used here. */
interface SdkServer {
  serve: Serve;
  makeAnalyzeRpcFun(...args: [string, string, string, Rule[]]): RpcHandlers["analyze"];
}

type RpcHandlers = {
  [K in keyof Handlers]: (
    call: { request: Parameters<Handlers[K]>[0] },
    reply: Parameters<Handlers[K]>[1],
  ) => unknown;
};

/**
 * A pack in this process: its rules are asked through the SDK's own request handlers, without a second Node, a
 * connection and messages that are packed and unpacked. A process holds one pack, as the SDK keeps it in globals.
 */
export class PackModule implements PackRunner {
  readonly analyzer: Promise<Analyzer>;

  constructor(folder: string) {
    // When the program has run: the two share this thread, and a user's mistake needs no pack.
    this.analyzer = new Promise((resolve) => setImmediate(resolve)).then(() => load(folder));
    this.analyzer.catch(() => undefined);
  }

  kill(): void {
    // Nothing runs beside this process.
  }
}

/** Loads the pack in `folder`, and takes the handlers that it would give to its server. */
function load(folder: string): Analyzer {
  let found: RpcHandlers | undefined;
  let byType: RpcHandlers["analyze"] | undefined;
  const path = join(folder, "package.json");
  const load = Module.createRequire(path);
  const sdk = load("@pulumi/policy/server") as SdkServer;
  const { serve } = sdk;
  const { addService, bindAsync } = Server.prototype;
  const [cwd, exit, log] = [process.cwd(), process.exit, console.error];
  let complaint = "";
  Server.prototype.addService = (_, handlers) => void (found = handlers as unknown as RpcHandlers);
  Server.prototype.bindAsync = () => undefined;
  sdk.serve = (...args) => {
    byType = analyzeByType(sdk, args);
    serve(...args);
  };
  // The SDK reads the pack's version from `package.json` in the working directory, and leaves the process at a fault.
  process.chdir(folder);
  process.exit = () => {
    throw new Error(complaint.trim());
  };
  console.error = (...words) => void (complaint += `${words.join(" ")}\n`);
  try {
    const { main = "index.js" } = load(path) as { main?: string };
    load(join(folder, main));
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new PackError(`The policy pack didn't start: ${why}`, { cause: error });
  } finally {
    Object.assign(Server.prototype, { addService, bindAsync });
    sdk.serve = serve;
    process.chdir(cwd);
    process.exit = exit;
    console.error = log;
  }
  if (found === undefined || byType === undefined)
    throw new PackError("The policy pack didn't start: it makes no PolicyPack");
  return new Analyzer(handlersOf({ ...found, analyze: byType }), plainStruct);
}

/** The SDK asks every rule about every resource; here only those that the resource's type concerns are asked. */
function analyzeByType(
  sdk: SdkServer,
  [name, version, level, args]: Parameters<Serve>,
): RpcHandlers["analyze"] {
  const handlers = new Map<string, RpcHandlers["analyze"]>();
  const rules = args.policies ?? [];
  return (call, reply) => {
    const type = call.request.getType();
    let handler = handlers.get(type);
    if (handler === undefined) {
      const own = rules.filter(
        ({ validateResource: { __pulumiType = type, appliesTo = () => true } = {} }) =>
          __pulumiType === type && appliesTo(type),
      );
      handler = sdk.makeAnalyzeRpcFun(name, version, level, own);
      handlers.set(type, handler);
    }
    return handler(call, reply);
  };
}

/** What the SDK reads of a resource, again for each rule on the stack. */
const read = [
  ...["getType", "getProperties", "getUrn", "getName", "getParent", "getDependenciesList"],
  ...["getPropertydependenciesMap", "getProvider"],
] as const;
const readOfOptions = [
  ...["getProtect", "getIgnorechangesList", "getAliasesList", "getCustomtimeouts", "getParent"],
  ...["getAdditionalsecretoutputsList", "getDeletebeforereplacedefined", "getDeletebeforereplace"],
] as const;

/** A message that looks each of its fields up once. Lists are shared, which no rule changes. */
function lookedUp(message: object, getters: readonly string[]): Record<string, () => unknown> {
  const own = message as Record<string, () => unknown>;
  return Object.fromEntries(
    getters.map((getter) => {
      const value = own[getter]?.();
      return [getter, () => value];
    }),
  );
}

/** The same request, with resources whose fields are looked up once for all the rules on the stack. */
function once(request: Parameters<Handlers["analyzeStack"]>[0]): typeof request {
  const resources = request.getResourcesList().map((resource) => {
    const options = lookedUp(resource.getOptions() ?? {}, readOfOptions);
    return { ...lookedUp(resource, read), getOptions: () => options };
  });
  return Object.assign(request, { getResourcesList: () => resources });
}

function handlersOf(rpc: RpcHandlers): Handlers {
  return {
    configureStack: (request, reply) => rpc.configureStack({ request }, reply),
    getAnalyzerInfo: (request, reply) => rpc.getAnalyzerInfo({ request }, reply),
    configure: (request, reply) => rpc.configure({ request }, reply),
    analyze: (request, reply) => rpc.analyze({ request }, reply),
    analyzeStack: (request, reply) => rpc.analyzeStack({ request: once(request) }, reply),
  };
}
