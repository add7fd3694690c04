import { refuse, type Failure } from "../../rule";
import { at, UNKNOWN, type Values } from "../../wire";

/** Checks values; `unknown` lists inputs that aren't known yet. */
export type Check = (values: Values, unknown?: readonly string[]) => Failure[];

/** Combines checks. */
export const all =
  (...checks: readonly Check[]): Check =>
  (values, unknown) =>
    checks.flatMap((check) => check(values, unknown));

/** Ranges of numbers, by path. */
export const between =
  (limits: Readonly<Record<string, readonly [least: number, most: number]>>): Check =>
  (values) =>
    Object.entries(limits).flatMap(([path, [least, most]]) =>
      at(values, path)
        .filter((value) => typeof value === "number" && (value < least || value > most))
        .map((value) => refuse(path, `${String(value)} isn't within ${least} to ${most}`)),
    );

/** Allowed texts, by path. */
export const oneOf =
  (choices: Readonly<Record<string, readonly string[]>>): Check =>
  (values) =>
    Object.entries(choices).flatMap(([path, allowed]) =>
      at(values, path)
        .filter((value) => typeof value === "string" && value !== UNKNOWN && !allowed.includes(value))
        .map((value) => refuse(path, `"${String(value)}" isn't one of ${allowed.join(", ")}`)),
    );

/** Exactly one of these inputs must be set. */
export const exactlyOne =
  (...paths: readonly string[]): Check =>
  (values, unknown = []) => {
    if (paths.some((path) => path.includes(".") && unknown.includes(path.split(".")[0] ?? ""))) return [];
    const given = paths.filter((path) => at(values, path).length > 0 || unknown.includes(path));
    if (given.length === 1) return [];
    const found = given.length === 0 ? "none" : given.join(" and ");
    return [refuse(given[1] ?? paths[0] ?? "", `give one of ${paths.join(", ")}; found ${found}`)];
  };

/** At most one of these inputs may be set. */
export const atMostOne =
  (...paths: readonly string[]): Check =>
  (values, unknown = []) => {
    const given = paths.filter((path) => at(values, path).length > 0 || unknown.includes(path));
    return given.length < 2 ? [] : [refuse(given[1] ?? "", `give one of ${given.join(" and ")}`)];
  };
