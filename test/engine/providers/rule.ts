import type { Values } from "./wire";

export interface Failure {
  property: string;
  reason: string;
}

/** Rules of a physical name. */
export interface NameRule {
  /** The input with the name. */
  property: string;
  /** Maximum length. */
  max: number;
  /** Minimum length. Default 1. */
  min?: number;
  pattern?: RegExp;
  /** Description of the pattern, for messages. */
  what?: string;
  /** Whether the provider generates a missing name: the resource's name and seven hexadecimal digits. */
  auto?: boolean;
  /** Prefix of a generated name. */
  before?: string;
}

/**
 * Behaviour of a cloud for one type of resource, in addition to the SDK's types.
 *
 * Texts may be templates: `{identifier}` is the property of that name, `{id}` the id, `{region}` and `{account}` those
 * of the provider, `{hex17}` 17 random hexadecimal digits, `{digits12}` 12 random digits, `{uuid}` a UUID.
 */
export interface Rule {
  /** Template of the id. */
  id: string;
  /** Template of the ARN, also the output `arn`. */
  arn?: string;
  name?: NameRule;
  /** Inputs whose change replaces the resource, as a whole (`name`) or in part (`accessConfig.authenticationMode`). */
  replace?: readonly string[];
  /** Default values of inputs, also restored when an input is removed. */
  defaults?: Values;
  /** Outputs that the cloud computes, in order: templates, plain values, functions of the state so far. */
  outputs?: Values;
  /** Paths of lists that the cloud treats as sets: returned in its own order, compared unordered. */
  unordered?: readonly string[];
  /** Paths of texts that the cloud returns in lower case, but the provider compares case-sensitively. */
  lower?: readonly string[];
  /** Inputs with JSON documents, compared by meaning. */
  documents?: readonly string[];
  /** Paths of inputs that refer to another resource, with its type or one of several; also inside documents. */
  refs?: Readonly<Record<string, string | readonly string[]>>;
  /** Paths of inputs whose ARNs or ids need not exist. */
  free?: readonly string[];
  /** Whether creating it overwrites an existing one with the same id, instead of failing. Default: it fails. */
  overwrites?: (values: Values) => boolean;
  /** Whether each region may have one with the same id. Default: the id, or a name in it, is the account's or global. */
  regional?: boolean;
  /** Whether it can't be deleted while others use it. */
  held?: boolean;
  /**
   * Further checks. `values` are without secrets' wrappers; unknowns are only inside lists and objects. `unknown` lists
   * the inputs whose values aren't known yet.
   */
  check?: (values: Values, unknown: readonly string[]) => Failure[];
  /** Further changes that the cloud makes to the inputs. */
  answer?: (values: Values) => Values;
  /** Why it can't be deleted now. `values` is its state. */
  keep?: (values: Values) => string | undefined;
}

export type Rules = Readonly<Record<string, Rule>>;

/** A failure of a rule. */
export const refuse = (property: string, reason: string): Failure => ({ property, reason });
