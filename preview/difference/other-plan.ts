import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";

import { keysOf, loadNamedStack } from "../project";
import type { Plan } from "../report/json";
import type { StackKeys } from "../report/stack-key";
import { placeOf } from "../stacks";
import { checkOut } from "./revision";

/** What the plan is compared with. */
export interface Other {
  /** As the command line names it: `main`, `stack staging`. */
  name: string;
  plan: Promise<Plan>;
  /** Its stack file's keys; undefined where there is no such file. */
  keys: StackKeys | undefined;
}

/** The plan of the same stack at a git revision, made by the program and the preview of that revision. */
export function planAt(root: string, stack: string, revision: string): Other {
  const folder = checkOut(root, revision);
  const place = placeOf(folder, stack);
  const isThere = existsSync(join(place.folder, `Pulumi.${place.stack}.yaml`));
  const plan = isThere
    ? started(folder, stack, `${stack} at ${revision}`)
    : // A stack that is new: all of it is added.
      Promise.resolve(empty(stack));
  const keys = isThere ? keysOf(loadNamedStack(folder, stack)) : undefined;
  return { name: revision, plan: quiet(plan), keys };
}

/** The plan of another stack of the same program, with this stack's name, account and prefix. */
export function planOf(root: string, stack: string, other: string): Other {
  const [here, there] = [stack, other].map((each) => keysOf(loadNamedStack(root, each)));
  const plan = started(root, other, other).then((found) => {
    const pairs = [
      [`urn:pulumi:${other}::`, `urn:pulumi:${stack}::`],
      [`::plinth-${other}"`, `::plinth-${stack}"`],
      [textOf(there?.prefix), textOf(here?.prefix)],
      [accountOf(there?.account), accountOf(here?.account)],
    ] as const;
    const text = pairs.reduce(
      (all, [from, to]) => (from === "" || to === "" ? all : all.replaceAll(from, to)),
      JSON.stringify(found),
    );
    return JSON.parse(text) as Plan;
  });
  return { name: `stack ${other}`, plan: quiet(plan), keys: there };
}

/** A promise whose failure is looked at later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
const accountOf = (value: unknown) =>
  typeof value === "object" && value !== null && "id" in value ? textOf(value.id) : "";

const empty = (stack: string): Plan => ({
  stack,
  resources: [],
  outputs: {},
  policies: [],
  violations: [],
  policyPack: { name: "", version: "" },
});

/** The preview in a process of its own, so that both run at the same time. */
function started(folder: string, stack: string, what: string): Promise<Plan> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join("preview", "run.mjs"), stack, "--json"], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", () => child.kill());
    const printed: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      const said = Buffer.concat(complaints).toString().trim();
      if (code !== 0 && code !== 1)
        return reject(
          new RunError(
            `The preview of ${what} ended with exit code ${code}. Its output:\n${said.replaceAll(/^/gm, "  ")}`,
          ),
        );
      try {
        resolve(checked(Buffer.concat(printed).toString(), what));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** A plan whose parts are those that the comparison reads. */
export function checked(text: string, what: string): Plan {
  const refuse = (why: string) =>
    new RunError(
      `The preview of ${what} prints ${why}, so its plan can't be compared with this one's. Compare with a later revision.`,
    );
  let plan: Partial<Plan>;
  try {
    plan = JSON.parse(text) as Partial<Plan>;
  } catch {
    throw refuse("no JSON document");
  }
  const { resources, violations } = plan;
  if (!Array.isArray(resources) || !Array.isArray(violations))
    throw refuse("a document without `resources` and `violations`");
  const odd = resources.find(
    ({ urn, type, inputs, options }) =>
      typeof urn !== "string" || typeof type !== "string" || inputs === undefined || options === undefined,
  );
  if (odd !== undefined) throw refuse("resources in another format");
  return plan as Plan;
}
