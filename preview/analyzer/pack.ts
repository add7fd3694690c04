import { RunError } from "@pulumi/pulumi";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Registration } from "../monitor";
import type { ProjectStack } from "../project";
import type { Analyzer, PackRunner } from "./analyzer";
import { type PolicyLevels, unknownPolicies } from "./levels";
import { policyConfiguration, Requests, stackConfiguration } from "./messages";
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

interface Ready {
  readonly analyzer: Analyzer;
  readonly info: AnalyzerInfo;
  readonly requests: Requests;
}

/**
 * A policy pack, asked as the engine does: each resource as it is registered, components and providers too, and the
 * whole stack at the end. One difference: remediations are not applied, so a policy of that level counts as mandatory.
 */
export class PolicyPack {
  private readonly ready: Promise<Ready>;
  private readonly providers = new Map<string, Registration>();
  private readonly queue: Registration[] = [];
  /** Those at work, and those that failed. */
  private readonly workers = new Set<Promise<void>>();
  private readonly violations: Violation[] = [];

  /** Configures the pack for a stack as soon as it is up; a failure shows in {@link finish}. */
  constructor(
    pack: PackRunner,
    stack: ProjectStack,
    private readonly levels: PolicyLevels = {},
  ) {
    this.ready = pack.analyzer.then((analyzer) => configure(analyzer, stack, this.providers, levels));
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

  /** Takes from the queue what is there, one after the other. */
  private async work(): Promise<void> {
    const { analyzer, requests } = await this.ready;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
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
