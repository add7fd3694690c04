import type { Change, Shown } from "./change";
import { changesOf, lost, wrongSteps } from "./changes";
import { compare, describe } from "./compare";
import { placeOf } from "../../preview/stacks";
import { Environment } from "./environment";
import { isFoundation } from "./foundation-changes";
import { errorsOf, stepsOf, violationsOf, type Step } from "./events";
import type { Lab } from "./lab";
import type { Offline } from "./offline";
import { planOfEngine, type Planned } from "./plan";
import { Pulumi, type Outcome } from "./pulumi";
import { leaks } from "./state";
import { isMap, type Document } from "yaml";

/** Result of one check of a stack. */
export interface Check {
  stack: string;
  name: string;
  /** Faults; empty if the check passed. */
  faults: string[];
  seconds: number;
  /** A figure for the report. */
  note: string;
}

export interface Subject {
  lab: Lab;
  /** The CLI. */
  cli: string;
  project: string;
  stack: string;
  policies: string | undefined;
  report: (check: Check) => void;
}

/** Runs a stack through its whole lifecycle; returns what the engine received when it was new. */
export class Lifecycle {
  private readonly environment: Environment;
  private readonly pulumi: Pulumi;
  private plan: Planned[] = [];
  /** URNs of resources that a change dropped, and that still exist. */
  private readonly released = new Set<string>();

  constructor(private readonly subject: Subject) {
    const { folder, stack } = placeOf(subject.project, subject.stack);
    this.environment = new Environment(subject.lab, folder, stack, subject.stack.replace("/", "-"));
    this.pulumi = new Pulumi(subject.cli, this.environment);
  }

  /** Runs every check in order. Stops at the first failed `up`, since later checks would be meaningless. */
  async run(offline: Offline | Error): Promise<Planned[]> {
    if (!this.passed("stack", await this.pulumi.init(), failed)) return [];
    await this.first(offline);
    if (this.plan.length === 0 || !(await this.create())) return this.plan;
    this.report("state is clean", 0, this.clean());
    await this.settles("settled");
    for (const change of changesOf(this.subject.stack)) if (!(await this.change(change))) return this.plan;
    await this.settles("settled after the changes");
    await this.end();
    return this.plan;
  }

  /** Previews a new stack, and compares the plan with the offline one. */
  private async first(offline: Offline | Error): Promise<void> {
    const outcome = await this.pulumi.preview(this.options("preview"), "--json");
    const faults = failed(outcome);
    if (faults.length === 0)
      this.plan = planOfEngine(
        JSON.parse(outcome.stdout) as Parameters<typeof planOfEngine>[0],
        outcome.notes,
      );
    this.report("preview of a new stack", outcome.seconds, faults, `${this.plan.length} resources`);
    if (this.plan.length === 0) return;
    if (offline instanceof Error) return this.report("offline preview agrees", 0, [offline.message]);
    const differences = compare(this.plan, offline.plan);
    const told =
      differences.length === 0 ? [] : [`${differences.length} differences:\n${describe(differences)}`];
    this.report("offline preview agrees", 0, told, `${offline.plan.length} resources`);
  }

  /** The first `up`: it must create exactly what the preview showed. */
  private async create(): Promise<boolean> {
    const outcome = await this.pulumi.up(this.options("up"));
    const made = new Set(stepsOf(outcome.events).map(({ urn }) => urn));
    if (!this.passed("up", outcome, failed, `${made.size} created`)) return false;
    const shown = new Set(this.plan.map(({ urn }) => urn));
    const hidden = [...made]
      .filter((urn) => !shown.has(urn))
      .map((urn) => `${urn}: created by up, not shown by preview`);
    this.report("preview was complete", 0, hidden);
    return true;
  }

  /** A preview right after `up`: it must show no changes. */
  private async settles(name: string): Promise<void> {
    const outcome = await this.pulumi.preview(this.options(name.replace(/\W/g, "-")), "--expect-no-changes");
    this.report(name, outcome.seconds, unsettled(outcome));
  }

  private async change(change: Change): Promise<boolean> {
    let shown: Shown[] | undefined;
    this.environment.edit((document) => (shown = change.edit(document)));
    if (shown === undefined) return true;
    for (const { urn } of this.environment.cloud.things())
      if (change.lets?.test(urn) && !this.passed("unprotect", await this.pulumi.unprotect(urn), failed))
        return false;
    const outcome = await this.pulumi.up(this.options(`change-${change.name.replace(/\W/g, "-")}`));
    const steps = this.withoutReleased(stepsOf(outcome.events));
    const faults = failed(outcome);
    const wrong = faults.length > 0 ? faults : wrongSteps(change, steps, shown);
    this.report(`change of ${change.name}`, outcome.seconds, wrong, `${steps.length} steps`);
    return faults.length === 0;
  }

  /** The steps without those that delete from the state what is retained. */
  private withoutReleased(steps: readonly Step[]): Step[] {
    const there = new Set(this.environment.cloud.things().map(({ urn }) => urn));
    return steps.filter(({ op, urn }) => {
      const releases = op === "delete" && there.has(urn);
      if (releases) this.released.add(urn);
      return !releases;
    });
  }

  /** Deletes dropped resources manually, since they would keep their network from being deleted. */
  private removeReleased(): void {
    const { cloud } = this.environment;
    for (const { urn, type, id } of cloud.things()) if (this.released.has(urn)) cloud.remove(type, id);
  }

  /** Destroys the stack. A protected one refuses until its protection is removed. */
  private async end(): Promise<void> {
    this.removeReleased();
    const isProtected = this.plan.some((resource) => resource.protect);
    if (isProtected) {
      await this.refuses();
      this.environment.edit((document) => unprotect(document));
      const outcome = await this.pulumi.up(this.options("unprotect"));
      const faults = failed(outcome);
      this.report(
        "protection off",
        outcome.seconds,
        faults.length > 0 ? faults : lost(stepsOf(outcome.events)),
      );
    }
    const outcome = await this.pulumi.destroy(this.options("destroy"), "--skip-preview");
    // Backups outlive their source, and stacks that aren't disposable retain some resources on purpose.
    const kept = new Set(this.plan.flatMap(({ urn, options }) => (options.retainOnDelete ? [urn] : [])));
    const left = this.environment.cloud.things().filter(({ urn }) => !kept.has(urn));
    const faults = failed(outcome);
    this.report(
      "destroy",
      outcome.seconds,
      faults.length > 0 ? faults : left.map(({ urn, id }) => `${urn}: ${id} still exists`),
    );
  }

  private async refuses(): Promise<void> {
    const before = this.environment.cloud.things().length;
    const outcome = await this.pulumi.destroy(this.options("destroy-protected"));
    const lost = before - this.environment.cloud.things().length;
    const faults = [
      ...(outcome.code === 0 ? ["destroy succeeded although resources are protected"] : []),
      ...(outcome.code !== 0 && !failed(outcome).some((text) => text.includes("protected"))
        ? failed(outcome)
        : []),
      ...(lost > 0 ? [`destroy deleted ${lost} resources before it refused`] : []),
    ];
    this.report("destroy is refused while protected", outcome.seconds, faults);
  }

  private clean(): string[] {
    const secrets = this.environment.cloud.secrets().length;
    // The foundation creates no secrets and must not start to.
    if (isFoundation(this.subject.stack))
      return secrets === 0 ? [] : [`the foundation has ${secrets} secrets in its state`];
    if (secrets === 0) return ["the stack created no secrets, so there is nothing to search for"];
    return leaks(this.environment).map(({ file, around }) => `${file}: a secret in clear at ${around}`);
  }

  private options(name: string) {
    return { name, policies: this.subject.policies };
  }

  private passed(name: string, outcome: Outcome, judge: (outcome: Outcome) => string[], note = ""): boolean {
    const faults = judge(outcome);
    this.report(name, outcome.seconds, faults, note);
    return faults.length === 0;
  }

  private report(name: string, seconds: number, faults: string[], note = ""): void {
    this.subject.report({ stack: this.subject.stack, name, faults, seconds, note });
  }
}

/** The errors of a failed command; empty if it succeeded. */
export function failed(outcome: Outcome): string[] {
  if (outcome.code === 0) return [];
  const told = [...violationsOf(outcome.events), ...errorsOf(outcome.events)];
  return told.length > 0
    ? told
    : [`exit code ${outcome.code}: ${outcome.stderr.trim() || outcome.stdout.trim().slice(-2000)}`];
}

/** Why a stack isn't settled: inputs that differ from the providers' outputs. */
export function unsettled(outcome: Outcome): string[] {
  if (outcome.code === 0) return [];
  const differing = outcome.notes.flatMap((note) =>
    note.note === "changes"
      ? note.changes.map(
          ({ property, state, wanted }) =>
            `${note.urn}: ${property} is ${JSON.stringify(state)}, wanted ${JSON.stringify(wanted)}`,
        )
      : [],
  );
  const steps = stepsOf(outcome.events).map(({ op, urn }) => `${urn}: ${op} although nothing changed`);
  const told = [...differing, ...steps];
  return told.length > 0 ? told : failed(outcome);
}

/** Removes a stack's protection, in any project. */
function unprotect(document: Document): void {
  const config = document.get("config");
  const keys = isMap(config) ? config.items.map(({ key }) => String(key)) : [];
  for (const key of keys.filter((each) => each.endsWith(":protect"))) document.setIn(["config", key], false);
}
