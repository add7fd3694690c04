import type { Values } from "../wire";

/** One call that the provider makes for a resource. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /**
   * Properties whose member is called otherwise, by path: `name` or `rules.blockedEncryptionTypes`. The member's path
   * starts at the structure that the property's parent became: `GroupName` or `Attributes.Policy`; lists on the way
   * have one item. Everything else finds its member by name, whatever the case and with or without an `s` at the end.
   */
  readonly members?: Readonly<Record<string, string>>;
  /** The only properties that it takes. Default: all that it has a member for. */
  readonly only?: readonly string[];
  /** Required members that the provider fills in by itself, by path. */
  readonly supplied?: readonly string[];
  /** Whether it is made for these inputs. Default: always. */
  readonly when?: (inputs: Values) => boolean;
}

/** How a type of resource reaches AWS. */
export interface Mapping {
  readonly calls: readonly Call[];
  /** Properties that no call carries, each with the reason. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

export type Mappings = Readonly<Record<string, Mapping>>;

/** The calls of one service. */
export const callsOf =
  (service: string) =>
  (operation: string, rest: Omit<Call, "service" | "operation"> = {}): Call => ({
    service,
    operation,
    ...rest,
  });
