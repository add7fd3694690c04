/** Inputs of a registered resource, in the shape that a test expects: the only place that asserts it. */
export const inputsOf = <T>({ inputs }: { readonly inputs: unknown }): T => inputs as T;
