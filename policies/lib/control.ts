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

/** The resource types that rules may name, and what their properties look like on the wire. */
export type KnownTypes = AwsTypes & KubernetesTypes;

/** One thing that whoever runs the pack may set: `pulumi preview --policy-pack-config`. */
export interface Setting<T> {
  type: "integer" | "array" | "string" | "boolean";
  items?: { type: "string" | "integer" };
  minimum?: number;
  description: string;
  default: T;
}

/** What an auditor reads of a control, beside the rule itself. */
export interface Control<C extends object = object> {
  /** Kebab-case, beginning with the service. */
  name: string;
  /** The rule in one sentence; the first line of every violation. */
  description: string;
  severity: Severity;
  /** What to change when it is violated. */
  remediation: string;
  /** The platform's own page on the matter. */
  url?: string;
  /** Default `mandatory`; `advisory` only where a judgement remains. */
  level?: EnforcementLevel;
  /**
   * True where the rule's properties can be set right without asking anyone: nothing that works now stops. It happens
   * at the level `remediate` alone, which a policy config file sets. Default: false.
   */
  remediates?: boolean;
  /** Whose list the rule comes from; default none. */
  framework?: Framework;
  settings?: { [K in keyof C]: Setting<C[K]> };
}

/** The lists that rules are taken from. */
export const frameworks = {
  podSecurity: {
    name: "Kubernetes Pod Security Standards",
    version: "1.36",
    reference: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    specification: "restricted",
  },
} as const;
export type Framework = (typeof frameworks)[keyof typeof frameworks];

/** What a rule on one resource is given beside the resource's inputs. */
export interface Context<C extends object> {
  args: ResourceValidationArgs;
  /** The control's settings, with its defaults for what nobody set. */
  settings: C;
  /** Reports a violation: what was found, what is allowed. */
  report: (message: string) => void;
}

/** A check of one resource, with the marks by which whoever asks may leave it out for other types. */
type Marked = ResourceValidation & {
  /** The SDK's own: the one type that the rule is about. */
  __pulumiType?: string;
  /** Ours, for a rule on several types. */
  appliesTo?: (type: string) => boolean;
};

/** A rule on every resource of one type. The SDK skips all others without decoding them. */
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
  // The SDK's own `validateResourceOfType` leaves this mark, which needs the SDK's classes loaded.
  validate.__pulumiType = type;
  return { ...describe(control), validateResource: validate };
}

/** A rule on every resource whose type `types` lists or tells: for what holds for several types alike. */
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
 * The inputs of every resource, as they were checked one by one. Rules on the stack read these: the SDK gives them
 * outputs, which are empty for Kubernetes objects in the first preview of a stack (the provider has no cluster yet)
 * and later hold what the cluster filled in.
 */
const declared = new Map<string, PolicyResource["props"]>();
/** True from the verdict on a stack on: the resource that comes next is the first of another round. */
let judged = false;

function remember({ urn, props }: ResourceValidationArgs): void {
  if (judged) declared.clear();
  judged = false;
  declared.set(urn, props);
}

/** A rule that needs several resources at once. Their `props` are inputs. */
export function onStack<C extends object = object>(
  control: Control<C>,
  check: (resources: PolicyResource[], report: ReportViolation, settings: C) => void,
): StackValidationPolicy {
  return {
    ...describe(control),
    validateStack: (args, report) => {
      judged = true;
      const resources = args.resources.map((resource) => ({
        ...resource,
        props: declared.get(resource.urn) ?? resource.props,
      }));
      const reporting: ReportViolation = (message, urn) => excused(control, urn, report)(message);
      check(resources, reporting, settingsOf(control, args.getConfig()));
    },
  };
}

/** Reports what no exemption lets pass. */
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
