import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type PolicyResource, UnknownValueError } from "@pulumi/policy";
import { parseAllDocuments } from "yaml";
import { policies } from "./pack";

interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
}

/** A violation in manifests: the policy, the object and what is wrong. */
export interface Finding {
  rule: string;
  mandatory: boolean;
  object: string;
  message: string;
}

/** Policies on objects outside a rendered chart, such as the stack's classes and quotas. */
const ofWholeStack =
  /^k8s-(namespace-|priority-class$|disruption-budget$|network-policies-enforced$|ingress-certificate$)/;

/** The Pulumi resource type of a manifest. */
export function typeOf({ apiVersion = "v1", kind = "" }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/**
 * Every object in YAML documents, including the items of a List or of a list of one kind.
 *
 * @throws Error for what isn't YAML or not a Kubernetes object: the policies would ignore it.
 */
export function manifestsIn(text: string): Manifest[] {
  // kubectl and Helm also resolve merge keys.
  return parseAllDocuments(text, { merge: true }).flatMap((document, index) => {
    const [fault] = document.errors;
    if (fault) throw fault;
    const value: unknown = document.toJS();
    return value === null ? [] : objectsIn(value, `document ${index + 1}`);
  });
}

function objectsIn(value: unknown, place: string): Manifest[] {
  const { apiVersion, kind, items } = (value ?? {}) as Record<string, unknown>;
  if (typeof kind === "string" && kind.endsWith("List") && (Array.isArray(items) || items === null))
    return (items ?? []).flatMap((item, index) => objectsIn(item, `${place}, item ${index + 1}`));
  if (typeof apiVersion !== "string" || typeof kind !== "string")
    throw new Error(`${place} is not a Kubernetes object; set apiVersion and kind`);
  return [value as Manifest];
}

/** Violations of the pack's policies in manifests, each treated as a resource of a stack. */
export function check(manifests: readonly Manifest[]): Finding[] {
  const found: Finding[] = [];
  const resources = manifests.map((props): PolicyResource => {
    const name = [props.metadata?.namespace, props.kind, props.metadata?.name].filter(Boolean).join("/");
    const type = typeOf(props);
    return {
      type,
      name,
      props: props as PolicyResource["props"],
      urn: `urn:pulumi:file::file::${type}::${name}`,
      opts: {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        additionalSecretOutputs: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      },
      dependencies: [],
      propertyDependencies: {},
      isType: () => false,
      asType: () => undefined,
    } as unknown as PolicyResource;
  });
  const misshapen = new Set<PolicyResource>();
  const nameOf = (urn: string | undefined) => resources.find((one) => one.urn === urn)?.name ?? "";
  const ask = (
    rule: (typeof policies)[number],
    run: (report: (message: string, urn?: string) => void) => unknown,
    resource?: PolicyResource,
  ) => {
    try {
      run((message, urn) =>
        found.push({
          rule: rule.name,
          mandatory: rule.enforcementLevel !== "advisory",
          object: nameOf(urn),
          message,
        }),
      );
    } catch (error) {
      if (error instanceof UnknownValueError || error instanceof NotApplicable) return;
      // The API server would also reject the object: a field has another type than its kind declares.
      if (resource === undefined) throw error;
      if (misshapen.has(resource)) return;
      misshapen.add(resource);
      found.push({
        rule: "shape-of-kind",
        mandatory: true,
        object: resource.name,
        message: `the object doesn't have the fields of its kind: ${messageOf(error)}.`,
      });
    }
  };
  const notApplicable = () => {
    throw new NotApplicable();
  };
  for (const resource of resources)
    for (const rule of policies) {
      if (!("validateResource" in rule) || typeof rule.validateResource !== "function") continue;
      const { validateResource } = rule;
      const args = { ...resource, notApplicable, getConfig: () => ({}), stackTags: new Map() };
      const run = (report: (message: string, urn?: string) => void) =>
        validateResource(args as never, (message) => report(message, resource.urn));
      ask(rule, run, resource);
    }
  for (const rule of policies)
    if ("validateStack" in rule && !ofWholeStack.test(rule.name)) {
      const args = { resources, notApplicable, getConfig: () => ({}), stackTags: new Map() };
      ask(rule, (report) => rule.validateStack(args as never, report));
    }
  return found;
}

class NotApplicable extends Error {}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const usage = `Usage: npm run policies -- FILE…
Checks Kubernetes manifests with the policy pack. FILE is YAML or JSON, such as the output of
\`helm template\`, or - for standard input.

Exit codes:
  0  no mandatory policy is violated
  1  a mandatory policy is violated
  2  a file can't be read or has no Kubernetes object, or an option is unknown
  3  a package is missing, or a policy fails to run
`;

/** The objects of a file, or of standard input. */
function objectsOf(file: string, startedIn: string): Manifest[] {
  const name = file === "-" ? "standard input" : file;
  try {
    const found = manifestsIn(readFileSync(file === "-" ? 0 : resolve(startedIn, file), "utf8"));
    // A failed command before the pipe prints nothing, which must not pass.
    if (found.length === 0) throw new Error("no Kubernetes object found");
    return found;
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * `npm run policies -- FILE…`. Returns the exit code: 0 no mandatory violation, 1 a mandatory policy is violated, 2 a file
 * can't be read.
 *
 * @param startedIn The folder that relative paths start in.
 */
export function main(files: readonly string[], startedIn = process.cwd()): number {
  const asked = files.some((file) => file === "--help" || file === "-h");
  if (asked || files.length === 0) {
    process[asked ? "stdout" : "stderr"].write(usage);
    return asked ? 0 : 2;
  }
  const unknown = files.find((file) => file.startsWith("-") && file !== "-");
  if (unknown !== undefined) {
    process.stderr.write(`unknown option '${unknown}'\n${usage}`);
    return 2;
  }
  let manifests: Manifest[];
  try {
    manifests = files.flatMap((file) => objectsOf(file, startedIn));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 2;
  }
  const found = check(manifests);
  for (const { rule, mandatory, object, message } of found)
    process.stdout.write(`${mandatory ? "mandatory" : "advisory"}  ${rule}  ${object}: ${message}\n`);
  const violated = policies.filter(({ name }) => found.some(({ rule }) => rule === name));
  const steps = violated.map(({ name, remediationSteps = "" }) => `  ${name}  ${remediationSteps}\n`);
  if (steps.length > 0) process.stdout.write(`\nRemediation:\n${steps.join("")}\n`);
  const mandatory = found.filter((one) => one.mandatory).length;
  process.stdout.write(
    `Objects: ${manifests.length}. Violations: ${mandatory} mandatory, ${found.length - mandatory} advisory.\n`,
  );
  return mandatory > 0 ? 1 : 0;
}
