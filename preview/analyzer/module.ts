import { Module } from "node:module";
import { join } from "node:path";

import { Server } from "@grpc/grpc-js";

import { plainStruct } from "../structs";
import { Analyzer, PackError, type Handlers, type PackRunner } from "./analyzer";

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
  const { addService, bindAsync } = Server.prototype;
  const [cwd, exit, log] = [process.cwd(), process.exit, console.error];
  let complaint = "";
  Server.prototype.addService = (_, handlers) => void (found = handlers as unknown as RpcHandlers);
  Server.prototype.bindAsync = () => undefined;
  // The SDK reads the pack's version from `package.json` in the working directory, and leaves the process at a fault.
  process.chdir(folder);
  process.exit = () => {
    throw new Error(complaint.trim());
  };
  console.error = (...words) => void (complaint += `${words.join(" ")}\n`);
  try {
    const path = join(folder, "package.json");
    const { main = "index.js" } = Module.createRequire(path)(path) as { main?: string };
    Module.createRequire(path)(join(folder, main));
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new PackError(`The policy pack didn't start: ${why}`, { cause: error });
  } finally {
    Object.assign(Server.prototype, { addService, bindAsync });
    process.chdir(cwd);
    process.exit = exit;
    console.error = log;
  }
  if (found === undefined) throw new PackError("The policy pack didn't start: it makes no PolicyPack");
  return new Analyzer(handlersOf(found), plainStruct);
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
