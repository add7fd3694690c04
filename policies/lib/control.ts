import type {
  EnforcementLevel,
  PolicyResource,
  ReportViolation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { spoken } from "./exemptions";
import type { AwsTypes } from "../aws/types";
import type { KubernetesTypes } from "../kubernetes/types";

/** The resource types that policies may name, and their properties as sent to the pack. */
export type KnownTypes = AwsTypes & KubernetesTypes;

/** A setting of the pack: `pulumi preview --policy-pack-config`. */
export interface Setting<T> {
  type: "integer" | "array" | "string" | "boolean";
  items?: { type: "string" | "integer" };
  minimum?: number;
  description: string;
  default: T;
}

/** Metadata of a policy. */
export interface Control<C extends object = object> {
  /** In kebab case, starting with the service. */
  name: string;
  /** States in one sentence which resources must do what. The first line of every violation. */
  description: string;
  severity: Severity;
  /** How to correct a violation, in the imperative: which property to set to which value. */
  remediation: string;
  /** Documentation of AWS, Kubernetes or Pulumi. */
  url?: string;
  /** Default: `mandatory`. `advisory` only if the decision needs judgement. */
  level?: EnforcementLevel;
  /**
   * Whether the properties can be corrected automatically without breaking anything. This only happens at the level
   * `remediate`, which a policy config file sets. Default: false.
   */
  remediates?: boolean;
  /** Published standard of the policy. Default: none. */
  framework?: Framework;
  settings?: { [K in keyof C]: Setting<C[K]> };
}

/** The published standards that policies implement. */
export const frameworks = {
  podSecurity: {
    name: "Kubernetes Pod Security Standards",
    version: "1.36",
    reference: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    specification: "restricted",
  },
} as const;
export type Framework = (typeof frameworks)[keyof typeof frameworks];

/** Arguments of a resource policy, besides the resource's inputs. */
export interface Context<C extends object> {
  args: ResourceValidationArgs;
  /** The policy's settings, including defaults. */
  settings: C;
  /** Reports a violation: the property, the value found and the values allowed. */
  report: (message: string) => void;
}

/** A check of one resource, with marks that allow callers to skip it for other types. */
type Marked = ResourceValidation & {
  /** The SDK's mark: the only type of the policy. */
  __pulumiType?: string;
  /** Our mark, for a policy for several types. */
  appliesTo?: (type: string) => boolean;
};

/** A policy for all resources of one type. The SDK skips all others without decoding them. */
export function onType<K extends keyof KnownTypes, C extends object = object>(
  type: K,
  control: Control<C>,
  check: (props: KnownTypes[K], context: Context<C>) => void,
): ResourceValidationPolicy {
  const validate: Marked = (args, report) => {
    if (args.type !== type) args.notApplicable(`applies to ${type}`);
    remember(args);
    const context = {
      args,
      report: excused(control, args.urn, report),
      settings: settingsOf(control, args.getConfig()),
    };
    check(args.props as KnownTypes[K], context);
  };
  // The mark that the SDK's `validateResourceOfType` sets, which would require loading the SDK's classes.
  validate.__pulumiType = type;
  return { ...describe(control), validateResource: validate };
}

/** A policy for all resources whose type `types` lists or accepts. */
export function onTypes<P, C extends object = object>(
  types: readonly string[] | ((type: string) => boolean),
  control: Control<C>,
  check: (props: P, context: Context<C>) => void,
): ResourceValidationPolicy {
  const listed = typeof types === "function" ? undefined : new Set(types);
  const matches = typeof types === "function" ? types : (type: string) => listed?.has(type) === true;
  const validateResource: Marked = (args, report) => {
    remember(args);
    if (!matches(args.type)) return;
    const context = {
      args,
      report: excused(control, args.urn, report),
      settings: settingsOf(control, args.getConfig()),
    };
    check(args.props as P, context);
  };
  validateResource.appliesTo = matches;
  return { ...describe(control), validateResource };
}

/**
 * The inputs of every resource, recorded when each was checked. Stack policies read these. The SDK passes outputs to them,
 * which are empty for Kubernetes objects in the first preview of a stack (the provider has no cluster yet), and later
 * contain values that the cluster filled in.
 */
const declared = new Map<string, PolicyResource["props"]>();
/** True after a stack was checked: the next resource is the first of another run. */
let judged = false;

function remember({ urn, props }: ResourceValidationArgs): void {
  if (judged) declared.clear();
  judged = false;
  declared.set(urn, props);
}

/** The resources with their inputs, by the SDK's list: in a preview, all stack policies get the same list. */
const withInputs = new WeakMap<readonly PolicyResource[], PolicyResource[]>();

function inputsOf(list: readonly PolicyResource[]): PolicyResource[] {
  const known =
    withInputs.get(list) ??
    list.map((resource) => ({ ...resource, props: declared.get(resource.urn) ?? resource.props }));
  withInputs.set(list, known);
  return known;
}

/** A stack policy, for several resources at once. Their `props` are inputs. */
export function onStack<C extends object = object>(
  control: Control<C>,
  check: (resources: PolicyResource[], report: ReportViolation, settings: C) => void,
): StackValidationPolicy {
  return {
    ...describe(control),
    validateStack: (args, report) => {
      judged = true;
      const reporting: ReportViolation = (message, urn) => excused(control, urn, report)(message);
      check(inputsOf(args.resources), reporting, settingsOf(control, args.getConfig()));
    },
  };
}

/** Reports a violation unless an exemption covers it. */
function excused({ name }: { name: string }, urn: string | undefined, report: ReportViolation) {
  return (message: string): void => {
    const said = spoken(name, urn, message);
    if (said !== undefined) report(said, urn);
  };
}

function describe<C extends object>(control: Control<C>) {
  const { settings, remediation, level, ...rest } = control;
  const configSchema = settings ? { properties: settings as Record<string, Setting<string>> } : undefined;
  return {
    ...rest,
    enforcementLevel: level ?? ("mandatory" as const),
    remediationSteps: remediation,
    tags: [control.name.slice(0, control.name.indexOf("-"))],
    ...(configSchema && { configSchema }),
  };
}

function settingsOf<C extends object>(control: Control<C>, given: Partial<C>): C {
  const entries = Object.entries<Setting<unknown>>(control.settings ?? {});
  const defaults = Object.fromEntries(entries.map(([key, setting]) => [key, setting.default]));
  return { ...defaults, ...given } as C;
}
