import type { Values } from "../wire";

/** One API call that the provider makes for a resource. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /**
   * Properties whose member has another name, by path: `name` or `rules.blockedEncryptionTypes`. The member's path is
   * relative to the structure of the property's parent: `GroupName` or `Attributes.Policy`; lists in it have one item.
   * All other properties match members by name, ignoring case and a final `s`.
   */
  readonly members?: Readonly<Record<string, string>>;
  /** Properties that are lists where the call has a map, by path, with the items' property that is the key. */
  readonly keys?: Readonly<Record<string, string>>;
  /** The only properties that it sends. Default: all that it has members for. */
  readonly only?: readonly string[];
  /** Required members that the provider itself fills in, by path. */
  readonly supplied?: readonly string[];
  /** Whether the call is made for these inputs. Default: always. */
  readonly when?: (inputs: Values) => boolean;
}

/** How a type of resource maps to API calls. */
export interface Mapping {
  readonly calls: readonly Call[];
  /** Properties that aren't in any call, each with the reason. */
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
