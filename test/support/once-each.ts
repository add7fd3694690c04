/** A function of an object that doesn't change, such as a recording: computed once for each. */
export function onceEach<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const known = new WeakMap<Key, { readonly result: Result }>();
  return (key) => {
    const { result } = known.get(key) ?? { result: compute(key) };
    known.set(key, { result });
    return result;
  };
}
