import { randomRules } from "./rules/random";
import { noFunctions, tableProvider } from "./table";
import type { Service, Surroundings } from "./service";

/** `@pulumi/random` in memory. It stores generated secrets, so that tests can search for them in clear. */
export function randomProvider(version: string, surroundings: Surroundings): Service {
  return {
    ...tableProvider(randomRules, surroundings, {
      version,
      place: () => ({ region: "", account: "" }),
      configure: () => undefined,
      checkConfig: () => [],
      replacesConfig: () => false,
      secrets: (type, state) => (secretTypes.includes(type) ? [String(state["result"])] : []),
    }),
    invoke: noFunctions,
  };
}

const secretTypes = ["random:index/randomPassword:RandomPassword"];
