import type { Values } from "./wire";

export interface Failure {
  property: string;
  reason: string;
}

/** How a physical name has to look. */
export interface NameRule {
  /** The input that carries it. */
  property: string;
  /** Characters at most. */
  max: number;
  /** Characters at least. Default 1. */
  min?: number;
  pattern?: RegExp;
  /** The pattern in words, for the message. */
  what?: string;
  /** The provider makes a name up where none is given: the resource's own name and seven hexadecimal digits. */
  auto?: boolean;
  /** Stands before a made up name. */
  before?: string;
}

/**
 * What a cloud does with one type of resource, as far as the SDK's types don't say it.
 *
 * Texts may be templates: `{identifier}` is the property of that name, `{id}` the id, `{region}` and `{account}` are
 * where the resource is, `{hex17}` is 17 random hexadecimal digits, `{digits12}` 12 random digits, `{uuid}` a UUID.
 */
export interface Rule {
  /** Template of the id. */
  id: string;
  /** Template of the ARN, also the output `arn`. */
  arn?: string;
  name?: NameRule;
  /** Inputs whose change replaces the resource, whole (`name`) or in part (`accessConfig.authenticationMode`). */
  replace?: readonly string[];
  /** Inputs that have this value where they are left out, and are reset to it where they are taken out. */
  defaults?: Values;
  /** Outputs that the cloud fills in, in order: templates, plain values, functions of what is there by then. */
  outputs?: Values;
  /** Paths of lists that the cloud keeps as sets: answered in an order of its own, compared without order. */
  unordered?: readonly string[];
  /** Paths of texts that the cloud answers in lower case although the provider compares them as written. */
  lower?: readonly string[];
  /** Inputs that hold JSON, compared by what it means. */
  documents?: readonly string[];
  /** Paths of inputs that name another resource, with the type that it must be of; also inside documents. */
  refs?: Readonly<Record<string, string>>;
  /** Paths of inputs whose ARNs or ids needn't exist yet. */
  free?: readonly string[];
  /** Refuses to go while others use it. */
  held?: boolean;
  /**
   * More that is refused. `values` are plain: no secrets, and unknowns only inside lists and objects. `unknown` names
   * the inputs that are given and whose values aren't known yet.
   */
  check?: (values: Values, unknown: readonly string[]) => Failure[];
  /** What the cloud makes of the inputs, besides the above. */
  answer?: (values: Values) => Values;
  /** Why it may not be deleted now. `values` is its state. */
  keep?: (values: Values) => string | undefined;
}

export type Rules = Readonly<Record<string, Rule>>;

/** A refusal of a rule. */
export const refuse = (property: string, reason: string): Failure => ({ property, reason });
