import { RunError } from "@pulumi/pulumi";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Registration } from "../monitor";
import type { ProjectStack } from "../project";
import type { Analyzer, PackRunner } from "./analyzer";
import { type PolicyLevels, unknownPolicies } from "./levels";
import { policyConfiguration, Requests, stackConfiguration } from "./messages";
import { byUrn, readPolicies, readViolations, type Policy, type Violation } from "./verdicts";

/** The pack's verdicts on a stack. */
export interface Verdicts {
  pack: { name: string; version: string };
  policies: Policy[];
  /** Sorted by URN, then policy. */
  violations: Violation[];
}

/** Concurrent requests: enough to keep the pack busy, few enough to hold in memory. */
const IN_FLIGHT = 32;

interface Ready {
  readonly analyzer: Analyzer;
  readonly info: AnalyzerInfo;
  readonly requests: Requests;
}

/**
 * A policy pack, called as the engine does: with each resource when it is registered, components and providers
 * included, and with the whole stack at the end. One difference: remediations aren't applied, so policies of that level
 * count as mandatory.
 */
export class PolicyPack {
  private readonly ready: Promise<Ready>;
  private readonly providers = new Map<string, Registration>();
  private readonly queue: Registration[] = [];
  /** Index of the queue's next resource: `shift` of a long array moves all of it. */
  private next = 0;
  /** Running and failed workers. */
  private readonly workers = new Set<Promise<void>>();
  private readonly violations: Violation[] = [];

  /** Configures the pack for a stack as soon as it runs; {@link finish} rejects if that fails. */
  constructor(
    pack: PackRunner,
    stack: ProjectStack,
    private readonly levels: PolicyLevels = {},
  ) {
    this.ready = pack.analyzer.then((analyzer) => configure(analyzer, stack, this.providers, levels));
    this.ready.catch(() => undefined);
  }

  /** Queues a resource; {@link finish} returns its verdicts. */
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
   * Verdicts on all queued resources, and on the whole stack.
   *
   * @throws PackError if the pack doesn't start, or one of its policies fails.
   */
  async finish(registrations: readonly Registration[]): Promise<Verdicts> {
    const { analyzer, info, requests } = await this.ready;
    await Promise.all([...this.workers, this.work()]);
    const answer = await analyzer.ask("analyzeStack", requests.stack(registrations));
    const root = registrations.find(({ parent }) => parent === undefined)?.urn ?? "";
    const violations = [...this.violations, ...readViolations(answer, root)].sort(byUrn);
    analyzer.close();
    return {
      pack: { name: info.getName(), version: info.getVersion() },
      policies: readPolicies(info, this.levels),
      violations,
    };
  }

  private take(): Registration | undefined {
    const next = this.queue[this.next];
    if (next !== undefined) this.next++;
    return next;
  }

  /** Processes the queue until it is empty. */
  private async work(): Promise<void> {
    const { analyzer, requests } = await this.ready;
    for (let next = this.take(); next; next = this.take()) {
      const answer = await analyzer.ask("analyze", requests.resource(next));
      this.violations.push(...readViolations(answer, next.urn));
    }
  }
}

async function configure(
  analyzer: Analyzer,
  stack: ProjectStack,
  providers: ReadonlyMap<string, Registration>,
  levels: PolicyLevels,
): Promise<Ready> {
  await analyzer.ask("configureStack", stackConfiguration(stack));
  const info = await analyzer.ask("getAnalyzerInfo", new Empty());
  const names = info.getPoliciesList().map((policy) => policy.getName());
  const fault = unknownPolicies(levels, names, stack.stack);
  if (fault !== undefined) throw new RunError(fault);
  await analyzer.ask("configure", policyConfiguration(info, levels));
  return { analyzer, info, requests: new Requests(analyzer.struct, providers) };
}
