/** Inputs of a registered resource, in the shape that a test expects: the only place that asserts it. */
export const inputsOf = <T>({ inputs }: { readonly inputs: unknown }): T => inputs as T;

/** The specification of a Kubernetes object, as the type that a test reads from it. */
export const specOf = <T>(manifest: { readonly spec?: unknown } | undefined): T => manifest?.spec as T;

/** `metadata` of a registered Kubernetes object. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
export const metadataOf = (object: { readonly inputs: unknown }): Metadata =>
  inputsOf<{ metadata: Metadata }>(object).metadata;

/** A statement of an IAM policy document. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Statements of a policy document, which is an object or JSON text. */
export const statementsOf = (document: unknown): readonly Statement[] =>
  (typeof document === "string"
    ? (JSON.parse(document) as { Statement: Statement[] })
    : (document as { Statement: Statement[] })
  ).Statement;
