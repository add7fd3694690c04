/** Rotation rule of a Secrets Manager entry. */
export interface Rule {
  readonly entry: string;
  /** Days after which it is due. */
  readonly days: number;
  /** Further days until it is late: time for a rotation's retries, or for an approval of the change. */
  readonly grace: number;
  /** Path below `config` of the stack file of the number that changes it when it is raised by one. Undefined: it is rotated, or changed manually. */
  readonly setting?: string;
}

/** A version of an entry that has staging labels. */
export interface Version {
  readonly stages: readonly string[];
  readonly created: Date;
}

/** The age of an entry's current value. */
export interface Age extends Pick<Rule, "entry" | "days" | "setting"> {
  /** Full days since it was written. */
  readonly age: number;
  readonly state: "current" | "due" | "late";
}

export interface SecretAges {
  readonly ages: readonly Age[];
  /** Number of entries that are late. */
  readonly late: number;
}

const day = 24 * 60 * 60 * 1000;

/** Parses the rules that the program puts beside the code as `rules.json`. Throws when they are invalid. */
export function readRules(text: string): Rule[] {
  const rules: unknown = JSON.parse(text);
  const isRule = (value: unknown): value is Rule => {
    const { entry, days, grace } = (value ?? {}) as Partial<Record<keyof Rule, unknown>>;
    const counts = [days, grace].every((count) => typeof count === "number" && count >= 1);
    return typeof entry === "string" && entry !== "" && counts;
  };
  if (!Array.isArray(rules) || !rules.every(isRule)) throw new Error("rules.json: no list of rules");
  return rules;
}

/**
 * The age of each entry's current value, oldest first. Reads the date of a version, never its value. Throws once all
 * are tried if an entry can't be read or has no value.
 */
export async function secretAges(
  rules: readonly Rule[],
  versionsOf: (entry: string) => Promise<readonly Version[]>,
  now: Date,
): Promise<SecretAges> {
  const faults: string[] = [];
  const ages: Age[] = [];
  for (const { entry, days, grace, setting } of rules)
    try {
      const current = (await versionsOf(entry)).find(({ stages }) => stages.includes("AWSCURRENT"));
      if (current === undefined) throw new Error("it has no value");
      const age = Math.floor((now.getTime() - current.created.getTime()) / day);
      const state = age >= days + grace ? "late" : age >= days ? "due" : "current";
      ages.push({ entry, days, age, state, ...(setting === undefined ? {} : { setting }) });
    } catch (error) {
      faults.push(`${entry}: ${error instanceof Error ? error.message : String(error)}`);
    }
  if (faults.length > 0) throw new Error(faults.join("; "));
  const oldestFirst = ages.sort((one, other) => other.age - one.age || one.entry.localeCompare(other.entry));
  return { ages: oldestFirst, late: ages.filter(({ state }) => state === "late").length };
}
