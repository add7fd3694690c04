import { spawn, type ChildProcess } from "node:child_process";

import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

import { toStruct } from "../sdk/structs";
import { Analyzer, PackError, type Handlers, type PackRunner } from "./analyzer";

/** Timeout of a pack's start in milliseconds. */
const START_TIMEOUT = 60_000;
/** Maximum size of a message in bytes: the engine's limit. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A pack in its own process, called over gRPC as the engine does. It ends with this process, except on `kill -9`. */
export class PackProcess implements PackRunner {
  readonly analyzer: Promise<Analyzer>;
  private readonly child: ChildProcess;
  private readonly onExit = (): void => void this.child.kill("SIGKILL");

  /** Starts the pack as the engine does, with `folder` as the working directory. */
  constructor(folder: string) {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    // Nothing listens on this address: the pack has no engine to report to.
    const args = [runner, "127.0.0.1:1", folder];
    this.child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    process.once("exit", this.onExit);
    this.analyzer = readPort(this.child).then(connect);
    this.analyzer.catch(() => undefined);
  }

  /** Stops the process; can be called again. */
  kill(): void {
    process.removeListener("exit", this.onExit);
    this.onExit();
  }
}

function connect(port: number): Analyzer {
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  const handlers: Handlers = {
    configureStack: (request, reply) => client.configureStack(request, reply),
    getAnalyzerInfo: (request, reply) => client.getAnalyzerInfo(request, reply),
    configure: (request, reply) => client.configure(request, reply),
    analyze: (request, reply) => client.analyze(request, reply),
    analyzeStack: (request, reply) => client.analyzeStack(request, reply),
  };
  return new Analyzer(handlers, toStruct, () => client.close());
}

/** Reads the port, which is the first line of a pack's output. */
function readPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let [printed, complaint] = ["", ""];
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new PackError(`The policy pack didn't start: ${why}\n${complaint.trim()}`.trim()));
    };
    // A large program blocks the event loop: read output that has already arrived before failing.
    const late = () => setImmediate(() => fail(`it printed no port in ${START_TIMEOUT / 1000} s`));
    const timer = setTimeout(late, START_TIMEOUT);
    child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /^(\d+)\r?\n/.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.once("error", ({ message }) => fail(message));
    child.once("close", (code) => fail(`its process ended with code ${code ?? "none"}`));
  });
}
