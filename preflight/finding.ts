/** Result of a check: a fault that would make the first `up` fail, or advice. */
export interface Finding {
  readonly level: "stops" | "advice";
  /** Subject: `add-on metrics-server`. */
  readonly about: string;
  readonly found: string;
  /** What to do, as an instruction. */
  readonly todo: string;
}

export const stops = (about: string, found: string, todo: string): Finding => ({
  level: "stops",
  about,
  found,
  todo,
});

export const advice = (about: string, found: string, todo: string): Finding => ({
  level: "advice",
  about,
  found,
  todo,
});
