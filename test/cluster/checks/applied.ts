import type { Check } from "./check";

/** Every object is accepted, without unknown fields. */
export const applied: Check = {
  name: "every object is accepted",
  run: ({ applied: results }) =>
    Promise.resolve({
      examined: results.length,
      findings: results.flatMap(({ name, refusal }) =>
        refusal === undefined ? [] : [{ object: name, message: refusal }],
      ),
    }),
};

/** The server warns about deprecated APIs and little else: every warning counts. */
export const warnings: Check = {
  name: "no deprecated API, no warning",
  run: ({ applied: results }) =>
    Promise.resolve({
      examined: results.length,
      findings: results.flatMap(({ name, warnings: words }) =>
        words.map((message) => ({ object: name, message })),
      ),
    }),
};
