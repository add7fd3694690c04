import { applyAll } from "./apply";
import type { Assets } from "./assets";
import { CHECKS } from "./checks";
import { applied as appliedCheck } from "./checks/applied";
import type { Check, Context, Outcome } from "./checks/check";
import { ready as readyCheck } from "./checks/ready";
import { ApiError } from "./client";
import { ControlPlane } from "./control-plane";
import { definitionsFor, install, type KnownDefinition, readDefinitions } from "./crds";
import type { StackFacts } from "./facts";
import { type Manifest, ofKind } from "./manifests";
import { addNodes, planNodes } from "./nodes";
import { kedaAutoscalers } from "./keda";
import { operate } from "./operated";
import { hostileOrder } from "./order";
import type { Patience } from "./settle";
import type { KubeObject } from "./types";

/** One check's result on one stack. */
export interface CheckResult extends Outcome {
  check: string;
  seconds: number;
}

/** The results of one stack. */
export interface StackReport {
  stack: string;
  objects: number;
  applied: number;
  /** Deployments, StatefulSets and Jobs: all, and those that became ready. */
  workloads: number;
  ready: number;
  nodes: number;
  seconds: number;
  results: CheckResult[];
  /** Information for judging the result. */
  notes: string[];
}

export interface StackInput {
  stack: string;
  manifests: readonly Manifest[];
  facts: StackFacts;
  assets: Assets;
  patience?: Patience;
}

/** Applies one stack's manifests to its own control plane, and runs every check. */
export async function runStack(input: StackInput): Promise<StackReport> {
  const started = Date.now();
  const plane = await ControlPlane.start({ assets: input.assets });
  try {
    const report = await plane.during(examine(plane, input));
    return { ...report, seconds: secondsSince(started) };
  } finally {
    await plane.stop();
  }
}

async function examine(plane: ControlPlane, input: StackInput): Promise<Omit<StackReport, "seconds">> {
  const objects = input.manifests.map(({ object }) => object);
  const definitions = definitionsFor(objects, readDefinitions(input.assets.crds));
  const { context, nodes } = await prepare(plane, input, objects, definitions);
  const results: CheckResult[] = [];
  for (const check of CHECKS) results.push(await runCheck(check, context));
  const resultOf = ({ name }: Check): CheckResult | undefined => results.find(({ check }) => check === name);
  return {
    stack: input.stack,
    objects: objects.length,
    applied: passedOf(resultOf(appliedCheck)),
    workloads: resultOf(readyCheck)?.examined ?? 0,
    ready: passedOf(resultOf(readyCheck)),
    nodes,
    results,
    notes: notesOn(definitions, input.facts, objects),
  };
}

/** Installs definitions and nodes, and applies the manifests. */
async function prepare(
  { cluster }: ControlPlane,
  { facts, patience }: StackInput,
  objects: readonly KubeObject[],
  definitions: readonly KnownDefinition[],
): Promise<{ context: Context; nodes: number }> {
  await install(cluster, definitions);
  const nodes = planNodes([...objects, ...kedaAutoscalers(objects)], facts.nodes);
  await addNodes(cluster, nodes);
  const applied = await applyAll(cluster, hostileOrder(objects, facts.graph));
  applied.push(...(await operate(cluster, objects)));
  return { context: { cluster, objects, applied, facts, patience }, nodes: nodes.length };
}

/** A refusal that a check doesn't expect is a finding of that check, with the server's message. */
async function runCheck(check: Check, context: Context): Promise<CheckResult> {
  const started = Date.now();
  try {
    const outcome = await check.run(context);
    return { ...outcome, check: check.name, seconds: secondsSince(started) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const findings = [{ object: "the server", message: error.message }];
    return { check: check.name, examined: 0, findings, seconds: secondsSince(started) };
  }
}

function passedOf(result: CheckResult | undefined): number {
  return result ? result.examined - result.findings.length : 0;
}

function notesOn(
  definitions: readonly KnownDefinition[],
  { releases }: StackFacts,
  objects: readonly KubeObject[],
): string[] {
  const rollouts = ofKind(objects, "Rollout").map(({ metadata }) => metadata.name);
  const origins = [...new Set(definitions.map(({ origin }) => origin))];
  return [
    ...origins.map((wanted) => {
      const kinds = definitions
        .filter(({ origin }) => origin === wanted)
        .map(({ definition }) => definition.spec.names.kind);
      return `checked by definition only, ${wanted}: ${kinds.join(", ")}`;
    }),
    ...(rollouts.length > 0
      ? [`run by Deployments in place of Argo's controller: ${rollouts.join(", ")}`]
      : []),
    ...(releases.length > 0 ? [`not seen, since Helm makes their objects: ${releases.join(", ")}`] : []),
  ];
}

function secondsSince(started: number): number {
  return (Date.now() - started) / 1000;
}
