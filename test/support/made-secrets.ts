/**
 * Paths at which kinds name the Secret that a controller creates from them. Without a value the Secret has the object's
 * name.
 */
export const madeSecrets: Readonly<Record<string, readonly string[]>> = {
  ExternalSecret: ["spec", "target", "name"],
  Certificate: ["spec", "secretName"],
};
