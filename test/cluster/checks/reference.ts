/** A reference from one object to another, optionally to a key or a port in it. */
export interface Reference {
  kind: string;
  name: string;
  /** Undefined for cluster-scoped kinds. */
  namespace?: string;
  /** A key of a ConfigMap or Secret. */
  key?: string;
  /** Whether it may be missing. */
  optional?: boolean;
}
