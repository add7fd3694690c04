import type { Policy, Violation } from "../analyzer/verdicts";
import type { Verdicts } from "../analyzer/pack";
import type { Registration } from "../monitor";
import type { ResourceOptions } from "../options";
import type { Recording } from "../run-program";
import { redact, redactObject, type Wire, type WireObject } from "../wire";
import { stackKey, type StackKeys } from "./stack-key";

/** One resource of the plan; secrets read `[secret]`, unknowns `[unknown]`. */
export interface PlannedResource {
  urn: string;
  type: string;
  name: string;
  /** URN; null for the stack itself. */
  parent: string | null;
  /** `urn::id` of the provider; null for components and providers. */
  provider: string | null;
  custom: boolean;
  protect: boolean;
  /** URNs, sorted. */
  dependencies: string[];
  inputs: WireObject;
  /** Other options: aliases, ignoreChanges, customTimeouts… */
  options: ResourceOptions & { propertyDependencies?: Record<string, string[]> };
}

/** A finding of a policy, with its remediation. */
export interface Finding extends Violation {
  /** The policy's own advice. */
  remediation: string;
  /** Key of the stack file that determines the resource, below the project's name; null if there is none. */
  stackKey: string | null;
}

/** The plan, which `--json` prints. */
export interface Plan {
  stack: string;
  /** Sorted by URN. */
  resources: PlannedResource[];
  outputs: WireObject;
  policyPack: { name: string; version: string };
  policies: Policy[];
  /** Mandatory ones first, then by URN and policy. */
  violations: Finding[];
}

/** The plan of a stack as a plain document, the same from run to run. */
export function document(
  stack: string,
  recording: Recording,
  { pack, policies, violations }: Verdicts,
  keys: StackKeys = {},
): Plan {
  const resources = [...recording.resources.values()].map(planned);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const advice = new Map(policies.map(({ name, remediation }) => [name, remediation]));
  const finding = (violation: Violation): Finding => ({
    ...violation,
    remediation: advice.get(violation.policy) ?? "",
    stackKey: stackKey(byUrn.get(violation.urn)?.name ?? "", keys) ?? null,
  });
  const isMandatory = ({ level }: Violation) => level === "mandatory";
  return {
    stack,
    resources,
    outputs: sortKeys(redactObject(recording.outputs)) as WireObject,
    policyPack: pack,
    policies,
    violations: [
      ...violations.filter(isMandatory),
      ...violations.filter((violation) => !isMandatory(violation)),
    ].map(finding),
  };
}

function planned(registration: Registration): PlannedResource {
  const { urn, type, name, parent, provider, custom, protect, dependencies } = registration;
  const { propertyDependencies, options } = registration;
  const hasOwn = Object.keys(propertyDependencies).length > 0;
  return {
    urn,
    type,
    name,
    parent: parent ?? null,
    provider: provider === undefined ? null : (redact(provider) as string),
    custom,
    protect,
    dependencies,
    inputs: sortKeys(redactObject(registration.inputs)) as WireObject,
    options: redactOptions({ ...options, ...(hasOwn ? { propertyDependencies } : {}) }),
  };
}

/** Options hold URNs and provider references, and the latter an unknown id. */
function redactOptions<T extends object>(options: T): T {
  return sortKeys(redact(options as unknown as Wire)) as T;
}

/** The value with the keys of its objects sorted, since promises settle in no fixed order. */
function sortKeys(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}
