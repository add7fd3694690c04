/** Functions and other values that have no form on the wire are no inputs. */
const scalar = (value: unknown): unknown => (typeof value === "function" ? undefined : value);
const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;

/**
 * Copies a plain value in one pass, and passes all within it that is none, such as an Output, to `wait`.
 *
 * @param place where the value stands, for messages
 * @param put receives the copy; undefined for what has no form on the wire
 * @param wait receives the others, and what to do with their values
 */
export function copyPlain(
  place: string,
  value: unknown,
  put: (value: unknown) => void,
  wait: (place: string, value: unknown, put: (value: unknown) => void) => void,
): void {
  if (isScalar(value)) put(scalar(value));
  else if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => (isScalar(item) ? (scalar(item) ?? null) : null));
    put(items);
    value.forEach((item, at) => {
      if (!isScalar(item)) copyPlain(`${place}[${at}]`, item, (found) => (items[at] = found ?? null), wait);
    });
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    const object: Record<string, unknown> = {};
    put(object);
    for (const [key, inner] of Object.entries(value as object)) {
      if (!isScalar(inner)) {
        // Keys keep their order, regardless of when their values settle.
        object[key] = undefined;
        copyPlain(`${place}.${key}`, inner, (found) => assign(object, key, found), wait);
      } else if (scalar(inner) !== undefined) object[key] = inner;
    }
  } else wait(place, value, put);
}

/** Sets a key, or removes it if there is no value. */
function assign(object: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}
