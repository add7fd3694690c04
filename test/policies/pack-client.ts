import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { packInProcess } from "../support/pack-in-process";
import type { Sample, Stack } from "./scenario";

const folder = join(__dirname, "../../policies");
const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;

/** One verdict of the pack. */
export interface Verdict {
  policy: string;
  level: (typeof levels)[number];
  message: string;
  urn: string;
}

type Call<Q, R> = (request: Q, done: (error: Error | null, response: R) => void) => unknown;

type Method = "remediate" | "analyze" | "analyzeStack" | "configure" | "getAnalyzerInfo";

/** The built pack. */
export class PackClient {
  private constructor(
    private readonly call: (method: Method, request: never) => Promise<unknown>,
    /** Ends the pack. */
    readonly stop: () => Promise<void>,
  ) {}

  /** Builds the pack, and runs it in this process, where it doesn't remediate. */
  static async inProcess(): Promise<PackClient> {
    const analyzer = await packInProcess();
    return new PackClient(
      (method, request) => analyzer.ask(method as Exclude<Method, "remediate">, request),
      () => Promise.resolve(),
    );
  }

  /**
   * Builds the pack, and runs it in its own process, started and called as the engine does. Throws its output if it
   * doesn't print a port.
   */
  static async start(): Promise<PackClient> {
    execFileSync(process.execPath, [join(folder, "build.mjs")]);
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const pack = spawn(process.execPath, [runner, "127.0.0.1:0", folder], { cwd: folder });
    const faults: string[] = [];
    pack.stderr.on("data", (text: Buffer) => faults.push(String(text)));
    const port = Promise.race([
      once(pack.stdout, "data").then(([text]) => Number(String(text).trim())),
      once(pack, "exit").then(() => Promise.reject(new Error(`the pack did not start: ${faults.join("")}`))),
    ]);
    const client = new AnalyzerClient(`127.0.0.1:${await port}`, credentials.createInsecure());
    const call = (method: Method, request: never) =>
      new Promise((resolve, reject) =>
        (client[method].bind(client) as unknown as Call<never, unknown>)(request, (error, response) =>
          error ? reject(error) : resolve(response),
        ),
      );
    return new PackClient(call, async () => {
      client.close();
      pack.kill();
      if (pack.exitCode === null && pack.signalCode === null) await once(pack, "exit");
    });
  }

  /** Name, level and type of each policy. */
  async info(): Promise<{ name: string; level: string; type: string }[]> {
    const info = await this.ask<Empty, proto.AnalyzerInfo>("getAnalyzerInfo", new Empty());
    return info.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      level: levels[policy.getEnforcementlevel()] ?? "unknown",
      type: policy.getPolicyType() === proto.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
    }));
  }

  /** Configures policies, as `--policy-pack-config` does. */
  async configure(
    settings: Record<string, Record<string, JavaScriptValue>>,
    level: proto.EnforcementLevel = proto.EnforcementLevel.MANDATORY,
  ): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [name, properties] of Object.entries(settings)) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(name, config);
    }
    await this.ask("configure", request);
  }

  /** All verdicts on each resource of a stack by its inputs, and on the stack by `outputs`, by default the inputs. */
  async verdicts(stack: Stack, outputs = ({ props }: Sample): object => props): Promise<Verdict[]> {
    const samples = Object.entries(stack);
    const found: Verdict[] = [];
    for (const [name, sample] of samples) found.push(...(await this.analyze(analyzeRequest(name, sample))));
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(
      samples.map(([name, sample]) => stackResource(stack, name, { ...sample, props: outputs(sample) })),
    );
    const response = await this.ask<proto.AnalyzeStackRequest, proto.AnalyzeResponse>(
      "analyzeStack",
      request,
    );
    return [...found, ...response.getDiagnosticsList().map(verdict)];
  }

  async analyze(request: proto.AnalyzeRequest): Promise<Verdict[]> {
    const response = await this.ask<proto.AnalyzeRequest, proto.AnalyzeResponse>("analyze", request);
    return response.getDiagnosticsList().map(verdict);
  }

  /** Runs the rules with level `remediate` on a resource. */
  remediate(request: proto.AnalyzeRequest): Promise<proto.RemediateResponse> {
    return this.ask("remediate", request);
  }

  private ask<Q, R>(method: Method, request: Q): Promise<R> {
    return this.call(method, request as never) as Promise<R>;
  }
}

export const urnOf = (name: string, { type }: Sample) => `urn:pulumi:test::plinth::${type}::${name}`;

export function analyzeRequest(name: string, sample: Sample): proto.AnalyzeRequest {
  return describe(new proto.AnalyzeRequest(), name, sample);
}

function stackResource(stack: Stack, name: string, sample: Sample): proto.AnalyzerResource {
  const resource = describe(new proto.AnalyzerResource(), name, sample);
  const refs = Object.entries(sample.refs ?? {});
  const urns = (names: string[]) => names.flatMap((one) => (stack[one] ? [urnOf(one, stack[one])] : []));
  for (const [property, names] of refs) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns(names));
    resource.getPropertydependenciesMap().set(property, dependencies);
  }
  resource.setDependenciesList(urns(refs.flatMap(([, names]) => names)));
  return resource;
}

function describe<M extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: M,
  name: string,
  sample: Sample,
): M {
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(sample.protect ?? false);
  options.setIgnorechangesList(sample.ignoreChanges ?? []);
  message.setUrn(urnOf(name, sample));
  message.setType(sample.type);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(sample.props))));
  message.setOptions(options);
  return message;
}

function verdict(diagnostic: proto.AnalyzeDiagnostic): Verdict {
  return {
    policy: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel()] ?? "disabled",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  };
}
