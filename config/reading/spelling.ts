import { closest, distance } from "fastest-levenshtein";

/** Share of a word's letters that may differ from a suggestion. */
const tolerance = 0.4;

/** The most similar known word, or undefined if none is close. A number is no misspelling of another: 19 isn't 14. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || !/\p{Letter}/u.test(word)) return undefined;
  const [lower, candidate] = [word.toLowerCase(), closest(word, known)];
  const best = known.find((each) => each.toLowerCase() === lower) ?? candidate;
  const most = Math.max(1, Math.floor(Math.max(word.length, best.length) * tolerance));
  return distance(lower, best.toLowerCase()) <= most ? best : undefined;
}

/** What to do about a key that doesn't exist. */
export function keyRemedy(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined ? "remove it" : `did you mean ${meant}? Rename it, or remove it`;
}
