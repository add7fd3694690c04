import type { Logins } from "../../components/data/logins";

/** Labels by version, as Secrets Manager keeps them. */
export interface Description {
  readonly rotationEnabled: boolean;
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

/** Secrets Manager: the calls that rotation makes, and no others. */
export interface Secrets {
  describe(entry: string): Promise<Description>;
  /** The JSON of a version; undefined when there is none with this label, or with both label and id. */
  read(entry: string, stage: string, version?: string): Promise<string | undefined>;
  /** Writes a version under an id. The same id with the same text again is nothing new. */
  write(entry: string, version: string, text: string, stage: string): Promise<void>;
  /** Moves AWSCURRENT. */
  promote(entry: string, to: string, from: string | undefined): Promise<void>;
}

const parse = (text: string | undefined, what: string): Record<string, unknown> => {
  if (text === undefined) throw new Error(`${what} is missing`);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, which is secret.
    throw new Error(`${what} is no JSON`);
  }
};

function strings<K extends string>(
  values: Record<string, unknown>,
  what: string,
  keys: readonly K[],
): Record<K, string> {
  const missing = keys.filter((key) => typeof values[key] !== "string" || values[key] === "");
  if (missing.length > 0) throw new Error(`${what} has no ${missing.join(", ")}`);
  return Object.fromEntries(keys.map((key) => [key, values[key]])) as Record<K, string>;
}

/** Whatever else stands in the application's entry: a rotation leaves it as it is. */
export type Entry = Logins & Readonly<Record<string, unknown>>;

/** The application's entry: the logins, and the rest. */
export function readLogins(text: string | undefined, what: string): Entry {
  const values = parse(text, what);
  return Object.assign({}, values, strings(values, what, ["user", "password", "readUser", "readPassword"]));
}

/** The master user's entry. */
export function readMaster(text: string | undefined): { readonly user: string; readonly password: string } {
  const what = "the master user's entry";
  const { user, password } = strings(parse(text, what), what, ["user", "password"]);
  return { user, password };
}
