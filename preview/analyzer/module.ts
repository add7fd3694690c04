import { Module } from "node:module";
import { join } from "node:path";

import { Server } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";

import { plainStruct } from "../sdk/structs";
import { Analyzer, PackError, type Handlers, type PackRunner } from "./analyzer";

/** What a rule on the stack is called with, as far as it matters here. */
interface StackArguments {
  readonly resources: readonly { readonly type: string }[];
}

/** The properties of a rule that decide which types it validates. */
interface Rule {
  readonly name?: string;
  readonly enforcementLevel?: string;
  /** The SDK marks a rule on one type, the pack a rule on several types. */
  readonly validateResource?: {
    readonly __pulumiType?: string;
    readonly appliesTo?: (type: string) => boolean;
  };
  readonly validateStack?: ((args: StackArguments, report: unknown) => unknown) & {
    readonly __pulumiType?: string;
  };
}
type Serve = (name: string, version: string, level: string, args: { policies?: Rule[] }) => void;

/** The part of the SDK's server in use. */
interface SdkServer {
  serve: Serve;
  makeAnalyzeRpcFun(...args: [string, string, string, Rule[]]): RpcHandlers["analyze"];
  makeAnalyzeStackRpcFun(...args: [string, string, string, Rule[]]): RpcHandlers["analyzeStack"];
}

type RpcHandlers = {
  [K in keyof Handlers]: (
    call: { request: Parameters<Handlers[K]>[0] },
    reply: Parameters<Handlers[K]>[1],
  ) => unknown;
};

/**
 * A pack in this process: the SDK's own request handlers are called directly, without a second Node process, a
 * connection and serialization. A process holds one pack, since the SDK keeps it in globals.
 */
export class PackModule implements PackRunner {
  readonly analyzer: Promise<Analyzer>;

  constructor(folder: string) {
    // Loaded after the program has run: both share this thread, and a user's mistake needs no pack.
    this.analyzer = new Promise((resolve) => setImmediate(resolve)).then(() => load(folder));
    this.analyzer.catch(() => undefined);
  }

  kill(): void {
    // There is no process to stop.
  }
}

/** Loads the pack in `folder`, and captures the handlers that it would pass to its server. */
function load(folder: string): Analyzer {
  let found: RpcHandlers | undefined;
  let faster: Pick<RpcHandlers, "analyze" | "analyzeStack"> | undefined;
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
    faster = { analyze: analyzeByType(sdk, args), analyzeStack: analyzeStackOnce(sdk, args) };
    serve(...args);
  };
  // The SDK reads the pack's version from `package.json` in the working directory, and exits the process on a fault.
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
  if (found === undefined || faster === undefined)
    throw new PackError("The policy pack didn't start: it creates no PolicyPack");
  return new Analyzer(handlersOf({ ...found, ...faster }), plainStruct);
}

/** The SDK runs every rule on every resource; this runs only those that apply to the resource's type. */
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

/**
 * The SDK makes the list of resources for each rule on the stack, which takes longer than the rules; this makes it once.
 * A first rule keeps the list, and the others get it with a request that has no resources.
 */
function analyzeStackOnce(
  sdk: SdkServer,
  [name, version, level, args]: Parameters<Serve>,
): RpcHandlers["analyzeStack"] {
  const handler = (rules: Rule[]) => sdk.makeAnalyzeStackRpcFun(name, version, level, rules);
  return (call, reply) => {
    let resources: StackArguments["resources"] = [];
    const keep: Rule = {
      name: "keeps-resources",
      enforcementLevel: "advisory",
      validateStack: (given) => void ({ resources } = given),
    };
    const withResources = (rule: Rule): Rule => {
      const { validateStack } = rule;
      if (validateStack === undefined) return rule;
      const { __pulumiType: only } = validateStack;
      // Without such a resource the SDK itself says that the rule doesn't apply.
      if (only !== undefined && !resources.some(({ type }) => type === only)) return rule;
      return { ...rule, validateStack: (given, report) => validateStack({ ...given, resources }, report) };
    };
    return handler([keep])(call, (error, answer) => {
      if (error !== null && error !== undefined) return reply(error, answer);
      const rules = (args.policies ?? []).map(withResources);
      return handler(rules)({ request: new proto.AnalyzeStackRequest() }, reply);
    });
  };
}

function handlersOf(rpc: RpcHandlers): Handlers {
  return {
    configureStack: (request, reply) => rpc.configureStack({ request }, reply),
    getAnalyzerInfo: (request, reply) => rpc.getAnalyzerInfo({ request }, reply),
    configure: (request, reply) => rpc.configure({ request }, reply),
    analyze: (request, reply) => rpc.analyze({ request }, reply),
    analyzeStack: (request, reply) => rpc.analyzeStack({ request }, reply),
  };
}
