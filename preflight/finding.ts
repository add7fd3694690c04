/** What a check has to say: something that the first `up` would fail on, or something to know before it. */
export interface Finding {
  readonly level: "stops" | "advice";
  /** What it is about: `add-on metrics-server`. */
  readonly about: string;
  readonly found: string;
  /** What to do about it. */
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
