/** A stack file's own keys, decoded: `systems` with its keys, `network`, … */
export type StackKeys = Readonly<Record<string, unknown>>;

/** Parts of a region whose amounts are under a key with another name. */
const UNDER: Readonly<Record<string, string>> = {
  platform: "cluster",
  certificates: "edge",
  "access-logs": "storage",
  backups: "systems",
  vault: "backups",
  configuration: "backups",
  "game-days": "gameDays",
};

/**
 * The key of the stack file that determines a resource, such as `systems.ams.stores.postgres`, from
 * its name, which begins with its region's; undefined where no such key is there.
 */
export function stackKey(resource: string, keys: StackKeys): string | undefined {
  // The region, then the names of the components from the outside in.
  const [, ...words] = resource.split("-");
  const [part, rest] = longestKey(words, (name) => name in systemsOf(keys) || (UNDER[name] ?? name) in keys);
  if (part === undefined) return undefined;
  const system = systemsOf(keys)[part];
  if (system === undefined) return UNDER[part] ?? part;
  const path = `systems.${part}`;
  const [group, inner] =
    rest[0] === "stores" ? (["stores", rest.slice(1)] as const) : (["workloads", rest] as const);
  const [key] = longestKey(inner, (name) => name in objectOf(system[group]));
  return key === undefined ? path : `${path}.${group}.${key}`;
}

/** The longest beginning of the words that is a key, and the words after it. */
function longestKey(
  words: readonly string[],
  isKey: (name: string) => boolean,
): [string | undefined, readonly string[]] {
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join("-");
    if (isKey(name)) return [name, words.slice(length)];
  }
  return [undefined, words];
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const systemsOf = (keys: StackKeys) => objectOf(keys.systems) as Record<string, Record<string, unknown>>;
