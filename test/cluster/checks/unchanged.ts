import { applyAgain } from "../apply";
import type { Check } from "./check";

/** Applying everything a second time changes nothing. */
export const unchanged: Check = {
  name: "a second apply changes nothing",
  async run({ cluster, applied }) {
    const accepted = applied.filter(({ refusal }) => refusal === undefined).map(({ object }) => object);
    const again = await applyAgain(cluster, accepted);
    const findings = again.flatMap(({ name, refusal }) =>
      refusal === undefined ? [] : [{ object: name, message: refusal }],
    );
    return { examined: again.length, findings };
  },
};
