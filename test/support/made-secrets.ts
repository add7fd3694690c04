/** Where kinds name the Secret that a controller makes of them; where nothing stands there, it has the object's own name. */
export const madeSecrets: Readonly<Record<string, readonly string[]>> = {
  ExternalSecret: ["spec", "target", "name"],
  Certificate: ["spec", "secretName"],
};
