import type { Registration } from "../../preview/monitor";

/**
 * A resource's inputs, as the type that a test expects of them. Nothing is checked: what an assertion reads has to be
 * there, or the assertion fails.
 */
export const inputsOf = <T>({ inputs }: Pick<Registration, "inputs">): T => inputs as unknown as T;
