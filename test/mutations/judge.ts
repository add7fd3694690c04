import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Analyzer } from "../../preview/analyzer/analyzer";
import { policyConfiguration, Requests, stackConfiguration } from "../../preview/analyzer/messages";
import { readViolations } from "../../preview/analyzer/verdicts";
import type { Registration } from "../../preview/monitor";
import { areaOf, isFloor, shape, type Weight } from "./areas";
import { mutationsOf, type Mutation } from "./mutate";

/** A relevant mutation, and the pack's verdict. */
export interface Outcome {
  stack: string;
  type: string;
  name: string;
  path: string;
  kind: Mutation["kind"];
  change: string;
  area: string;
  weight: Weight;
  verdict: "caught" | "advice" | "passed";
  /** The mandatory rules that caught it, or the advisory ones. */
  rules: string[];
}

/** A mutation of a resource of one stack. */
interface Case {
  resource: Registration;
  mutation: Mutation;
  area: string;
  weight: Weight;
}

/** The relevant mutations of a stack: `each` of every kind of change per group of similar resources of one type. */
export function casesOf(resources: readonly Registration[], each: number): Case[] {
  const seen = new Map<string, number>();
  return resources
    .filter(({ type }) => !type.startsWith("plinth:"))
    .flatMap((resource) =>
      mutationsOf(resource).flatMap((mutation): Case[] => {
        const floor = mutation.kind === "drop" && isFloor(resource.type, resource.name);
        const found = floor
          ? ({ area: "network", weight: "opens" } as const)
          : areaOf(resource.type, mutation);
        if (!found) return [];
        const key = [resource.type, shape(mutation.path), mutation.kind, mutation.change, floor].join(" ");
        const count = seen.get(key) ?? 0;
        seen.set(key, count + 1);
        return count < each ? [{ resource, mutation, area: found.area, weight: found.weight }] : [];
      }),
    );
}

const isSkip = (message: string) => message.includes("can't run policy");

/** A pack that judges mutations of one stack after another. */
export class Judge {
  private constructor(
    private readonly analyzer: Analyzer,
    private readonly stack: string,
    private readonly resources: readonly Registration[],
    private readonly requests: Requests,
    private readonly baseline: ReadonlySet<string>,
    /** Mandatory violations of the unchanged stack: false alarms. */
    readonly alarms: readonly string[] = [],
  ) {}

  /** Runs the pack on the unchanged stack first, so only violations that a mutation adds count. */
  static async of(analyzer: Analyzer, stack: string, resources: readonly Registration[]): Promise<Judge> {
    const project = { project: "plinth", stack, config: {}, secretKeys: [] };
    await analyzer.ask("configureStack", stackConfiguration(project as never));
    const info = await analyzer.ask("getAnalyzerInfo", new Empty());
    await analyzer.ask("configure", policyConfiguration(info));
    const providers = new Map(
      resources.filter(({ type }) => type.startsWith("pulumi:providers:")).map((one) => [one.urn, one]),
    );
    const requests = new Requests(analyzer.struct, providers);
    const judge = new Judge(analyzer, stack, resources, requests, new Set());
    const found = [];
    for (const resource of resources) found.push(...(await judge.analyze(resource)));
    found.push(...(await judge.analyzeStack(resources)));
    const baseline = new Set(found.map(({ policy, urn, message }) => `${policy} ${urn} ${message}`));
    const alarms = found.filter(({ level, message }) => level === "mandatory" && !isSkip(message));
    return new Judge(
      analyzer,
      stack,
      resources,
      requests,
      baseline,
      alarms.map(({ policy, urn, message }) => `${policy}: ${urn}: ${message}`),
    );
  }

  async judge({ resource, mutation, area, weight }: Case): Promise<Outcome> {
    const changed =
      mutation.inputs === undefined
        ? undefined
        : { ...resource, inputs: mutation.inputs, protect: mutation.protect ?? resource.protect };
    const found = changed === undefined ? [] : await this.analyze(changed);
    let fresh = this.fresh(found);
    if (!fresh.some(({ level }) => level === "mandatory")) {
      const others = this.resources.flatMap((one) => (one === resource ? (changed ?? []) : one));
      fresh = [...fresh, ...this.fresh(await this.analyzeStack(others))];
    }
    const mandatory = fresh.filter(({ level }) => level === "mandatory");
    const named = (mandatory.length > 0 ? mandatory : fresh).map(({ policy }) => policy);
    return {
      stack: this.stack,
      type: resource.type,
      name: resource.name,
      path: shape(mutation.path),
      kind: mutation.kind,
      change: mutation.change,
      area,
      weight,
      verdict: mandatory.length > 0 ? "caught" : fresh.length > 0 ? "advice" : "passed",
      rules: [...new Set(named)].sort(),
    };
  }

  private fresh(found: Awaited<ReturnType<Judge["analyze"]>>): typeof found {
    return found.filter(
      ({ policy, urn, message }) => !isSkip(message) && !this.baseline.has(`${policy} ${urn} ${message}`),
    );
  }

  private async analyze(resource: Registration) {
    return readViolations(await this.analyzer.ask("analyze", this.requests.resource(resource)), resource.urn);
  }

  private async analyzeStack(resources: readonly Registration[]) {
    return readViolations(
      await this.analyzer.ask("analyzeStack", this.requests.stack(resources)),
      this.stack,
    );
  }
}
