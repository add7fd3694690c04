import { refuse, type Failure } from "../../rule";
import { at, UNKNOWN, type Values } from "../../wire";

/** Refuses values, knowing which of the inputs aren't known yet. */
export type Check = (values: Values, unknown?: readonly string[]) => Failure[];

/** Every one of these. */
export const all =
  (...checks: readonly Check[]): Check =>
  (values, unknown) =>
    checks.flatMap((check) => check(values, unknown));

/** Numbers by path, with the least and the most that each may be. */
export const between =
  (limits: Readonly<Record<string, readonly [least: number, most: number]>>): Check =>
  (values) =>
    Object.entries(limits).flatMap(([path, [least, most]]) =>
      at(values, path)
        .filter((value) => typeof value === "number" && (value < least || value > most))
        .map((value) => refuse(path, `${String(value)} isn't within ${least} to ${most}`)),
    );

/** Texts by path, with all that each may be. */
export const oneOf =
  (choices: Readonly<Record<string, readonly string[]>>): Check =>
  (values) =>
    Object.entries(choices).flatMap(([path, allowed]) =>
      at(values, path)
        .filter((value) => typeof value === "string" && value !== UNKNOWN && !allowed.includes(value))
        .map((value) => refuse(path, `"${String(value)}" isn't one of ${allowed.join(", ")}`)),
    );

/** One of these inputs is given, and no other of them. */
export const exactlyOne =
  (...paths: readonly string[]): Check =>
  (values, unknown = []) => {
    if (paths.some((path) => path.includes(".") && unknown.includes(path.split(".")[0] ?? ""))) return [];
    const given = paths.filter((path) => at(values, path).length > 0 || unknown.includes(path));
    if (given.length === 1) return [];
    const found = given.length === 0 ? "none" : given.join(" and ");
    return [refuse(given[1] ?? paths[0] ?? "", `give one of ${paths.join(", ")}; found ${found}`)];
  };

/** Not two of these inputs. */
export const atMostOne =
  (...paths: readonly string[]): Check =>
  (values, unknown = []) => {
    const given = paths.filter((path) => at(values, path).length > 0 || unknown.includes(path));
    return given.length < 2 ? [] : [refuse(given[1] ?? "", `give one of ${given.join(" and ")}`)];
  };
