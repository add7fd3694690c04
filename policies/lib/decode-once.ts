/* The SDK has no other hook: its server calls this function as a property of the module. */
// oxlint-disable-next-line typescript/no-require-imports
import sdk = require("@pulumi/policy/deserialize");

type Decode = (properties: object | undefined, proxySecrets?: boolean) => unknown;

/**
 * Makes the SDK decode each resource once. By default, the SDK decodes it for each policy that isn't limited to one type,
 * and for each stack policy, which takes two thirds of the pack's time. No policy changes its input, so all can share it.
 */
export function decodeOnce(): void {
  const module = sdk as unknown as { deserializeProperties: Decode };
  const decode = module.deserializeProperties;
  const decoded = new WeakMap<object, unknown>();
  module.deserializeProperties = (properties, proxySecrets) => {
    if (properties === undefined || proxySecrets === true) return decode(properties, proxySecrets);
    const known = decoded.get(properties);
    if (known !== undefined) return known;
    const value = decode(properties, proxySecrets);
    if (typeof value === "object" && value !== null) decoded.set(properties, value);
    return value;
  };
}
