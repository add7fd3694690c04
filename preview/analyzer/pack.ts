import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeRequest, AnalyzeResponse, AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Registration } from "../monitor";
import type { ProjectStack } from "../project";
import { policyConfiguration, resourceRequest, stackConfiguration, stackRequest } from "./messages";
import { PackError, type PackProcess } from "./process";
import { byUrn, readPolicies, readViolations, type Policy, type Violation } from "./verdicts";

/** What the pack says of a stack. */
export interface Verdicts {
  pack: { name: string; version: string };
  policies: Policy[];
  /** Sorted by URN, then policy. */
  violations: Violation[];
}

/** Requests under way at once: enough that the pack never waits, few enough to hold in memory. */
const IN_FLIGHT = 32;
/** Bytes of a message; the engine's own limit. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/**
 * A policy pack, started and asked as the engine does: each resource as it is registered, components and
 * providers too, and the whole stack at the end. One difference: remediations are not applied, so a
 * policy of that level counts as mandatory.
 */
export class PolicyPack {
  private readonly ready: Promise<{ client: AnalyzerClient; info: AnalyzerInfo }>;
  private readonly providers = new Map<string, Registration>();
  private readonly queue: Registration[] = [];
  /** Those at work, and those that failed. */
  private readonly workers = new Set<Promise<void>>();
  private readonly violations: Violation[] = [];

  /** Configures the pack for a stack as soon as it is up; a failure shows in {@link finish}. */
  constructor(pack: PackProcess, stack: ProjectStack) {
    this.ready = pack.port.then((port) => configure(port, stack));
    this.ready.catch(() => undefined);
  }

  /** Asks for a verdict on a resource; the answer stands in what {@link finish} returns. */
  analyze(registration: Registration): void {
    if (registration.type.startsWith("pulumi:providers:")) this.providers.set(registration.urn, registration);
    this.queue.push(registration);
    if (this.workers.size >= IN_FLIGHT) return;
    const worker = this.work();
    this.workers.add(worker);
    worker.then(
      () => this.workers.delete(worker),
      () => undefined,
    );
  }

  /**
   * The verdicts on all that was asked, and on the stack as a whole.
   *
   * @throws PackError if the pack doesn't start, or a policy of it fails.
   */
  async finish(registrations: readonly Registration[]): Promise<Verdicts> {
    const { client, info } = await this.ready;
    await Promise.all([...this.workers, this.work()]);
    const request = stackRequest(registrations, this.providers);
    const answer: AnalyzeResponse = await ask((reply) => client.analyzeStack(request, reply));
    const root = registrations.find(({ parent }) => parent === undefined)?.urn ?? "";
    const violations = [...this.violations, ...readViolations(answer, root)].sort(byUrn);
    client.close();
    return {
      pack: { name: info.getName(), version: info.getVersion() },
      policies: readPolicies(info),
      violations,
    };
  }

  /** Takes from the queue what is there, one after the other. */
  private async work(): Promise<void> {
    const { client } = await this.ready;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const request: AnalyzeRequest = resourceRequest(next, this.providers);
      const answer: AnalyzeResponse = await ask((reply) => client.analyze(request, reply));
      this.violations.push(...readViolations(answer, next.urn));
    }
  }
}

async function configure(
  port: number,
  stack: ProjectStack,
): Promise<{ client: AnalyzerClient; info: AnalyzerInfo }> {
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  await ask((reply) => client.configureStack(stackConfiguration(stack), reply));
  const info: AnalyzerInfo = await ask((reply) => client.getAnalyzerInfo(new Empty(), reply));
  await ask((reply) => client.configure(policyConfiguration(info), reply));
  return { client, info };
}

type Reply<T> = (error: ServiceError | null, answer: T) => void;

function ask<T>(call: (reply: Reply<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) =>
      error ? reject(new PackError(`The policy pack failed: ${error.details}`)) : resolve(answer),
    );
  });
}
