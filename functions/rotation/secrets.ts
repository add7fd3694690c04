import type { Logins } from "../../components/data/credentials/logins";

/** Staging labels by version, from Secrets Manager. */
export interface Description {
  readonly rotationEnabled: boolean;
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

/** The calls to Secrets Manager that rotation needs. */
export interface Secrets {
  describe(entry: string): Promise<Description>;
  /** The JSON of a version; undefined when none has this label, or both this label and id. */
  read(entry: string, stage: string, version?: string): Promise<string | undefined>;
  /** Writes a version under an id. Writing the same text under the same id again has no effect. */
  write(entry: string, version: string, text: string, stage: string): Promise<void>;
  /** Moves AWSCURRENT. */
  promote(entry: string, to: string, from: string | undefined): Promise<void>;
}

const parse = (text: string | undefined, what: string): Record<string, unknown> => {
  if (text === undefined) throw new Error(`${what} is missing`);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The parser's message quotes the text, which is secret.
    throw new Error(`${what} isn't valid JSON`);
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

/** Rotation keeps all other properties of the application's entry. */
export type Entry = Logins & Readonly<Record<string, unknown>>;

/** Properties of the application's entry: user and password of each login. */
export const loginProperties = [
  ["user", "password"],
  ["readUser", "readPassword"],
  ["monitorUser", "monitorPassword"],
] as const satisfies readonly (readonly [keyof Logins, keyof Logins])[];

/** The application's entry: the logins and other properties. */
export function readLogins(text: string | undefined, what: string): Entry {
  const values = parse(text, what);
  return Object.assign({}, values, strings(values, what, loginProperties.flat()));
}

/** The master user's entry. */
export function readMaster(text: string | undefined): { readonly user: string; readonly password: string } {
  const what = "the master user's entry";
  const { user, password } = strings(parse(text, what), what, ["user", "password"]);
  return { user, password };
}
