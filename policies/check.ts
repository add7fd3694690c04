import { readFileSync } from "node:fs";
import { type PolicyResource, UnknownValueError } from "@pulumi/policy";
import { parseAllDocuments } from "yaml";
import { policies } from "./pack";

interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
  items?: Manifest[];
}

/** A violation in manifests: the rule, the object and what is wrong. */
export interface Finding {
  rule: string;
  mandatory: boolean;
  object: string;
  message: string;
}

/** Rules on objects outside a rendered chart, such as the stack's classes and quotas. */
const ofWholeStack =
  /^k8s-(namespace-|priority-class$|disruption-budget$|network-policies-enforced$|ingress-certificate$)/;

/** The Pulumi resource type of a manifest. */
export function typeOf({ apiVersion = "v1", kind = "" }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** Every object in YAML documents, including the items of a List. */
export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [fault] = document.errors;
    if (fault) throw fault;
    const value = document.toJS() as Manifest | null;
    if (value === null) return [];
    return value.kind === "List" ? (value.items ?? []) : [value];
  });
}

/** Violations of the pack's rules in manifests, each treated as a resource of a stack. */
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
  const nameOf = (urn: string | undefined) => resources.find((one) => one.urn === urn)?.name ?? "";
  const ask = (
    rule: (typeof policies)[number],
    run: (report: (message: string, urn?: string) => void) => unknown,
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
      if (!(error instanceof UnknownValueError) && !(error instanceof NotApplicable)) throw error;
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
      ask(rule, (report) => validateResource(args as never, (message) => report(message, resource.urn)));
    }
  for (const rule of policies)
    if ("validateStack" in rule && !ofWholeStack.test(rule.name)) {
      const args = { resources, notApplicable, getConfig: () => ({}), stackTags: new Map() };
      ask(rule, (report) => rule.validateStack(args as never, report));
    }
  return found;
}

class NotApplicable extends Error {}

/** `npm run policies -- FILE…`: 0 clean, 1 a mandatory rule is violated, 2 a file can't be read. */
export function main(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write(
      "Usage: npm run policies -- FILE…\nFILE is YAML as `helm template` prints it, or - for standard input.\n",
    );
    return 2;
  }
  let manifests: Manifest[];
  try {
    manifests = files.flatMap((file) => manifestsIn(readFileSync(file === "-" ? 0 : file, "utf8")));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const found = check(manifests);
  for (const { rule, mandatory, object, message } of found)
    process.stdout.write(`${mandatory ? "mandatory" : "advisory"}  ${rule}  ${object}: ${message}\n`);
  const mandatory = found.filter((one) => one.mandatory).length;
  process.stdout.write(
    `${manifests.length} objects, ${mandatory} mandatory violations, ${found.length - mandatory} pieces of advice.\n`,
  );
  return mandatory > 0 ? 1 : 0;
}
