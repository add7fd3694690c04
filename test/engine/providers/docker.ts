import { dockerRules } from "./rules/docker";
import type { Service, Surroundings } from "./service";
import { noFunctions, tableProvider } from "./table";

/** `@pulumi/docker` in memory. */
export function dockerProvider(version: string, surroundings: Surroundings): Service {
  return {
    ...tableProvider(dockerRules, surroundings, {
      version,
      place: () => ({ region: "", account: "" }),
      configure: () => undefined,
      checkConfig: () => [],
      replacesConfig: () => false,
    }),
    invoke: noFunctions,
  };
}
