import type { Planned } from "./plan";
import { canonical, isObject } from "./providers/wire";

/** A difference between the plans of the offline preview and of the engine. */
export interface Difference {
  urn: string;
  /** Path in the resource; empty if only one of the two has the resource. */
  path: string;
  engine: unknown;
  offline: unknown;
}

/** All differences between two plans of the same stack, sorted by URN. */
export function compare(engine: readonly Planned[], offline: readonly Planned[]): Difference[] {
  const [left, right] = [byUrn(engine), byUrn(offline)];
  const urns = [...new Set([...left.keys(), ...right.keys()])].sort();
  return urns.flatMap((urn) => {
    const [a, b] = [left.get(urn), right.get(urn)];
    if (a === undefined || b === undefined)
      return [
        {
          urn,
          path: "",
          engine: a === undefined ? "absent" : "present",
          offline: b === undefined ? "absent" : "present",
        },
      ];
    return within(a, b).map(({ path, engine: mine, offline: other }) => ({
      urn,
      path,
      engine: mine,
      offline: other,
    }));
  });
}

const byUrn = (plan: readonly Planned[]) => new Map(plan.map((resource) => [resource.urn, resource]));

function within(engine: unknown, offline: unknown, path = ""): Omit<Difference, "urn">[] {
  if (canonical(engine) === canonical(offline)) return [];
  const deeper = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (isObject(engine) && isObject(offline)) {
    const keys = [...new Set([...Object.keys(engine), ...Object.keys(offline)])];
    return keys.flatMap((key) => within(engine[key], offline[key], deeper(key)));
  }
  if (Array.isArray(engine) && Array.isArray(offline) && engine.length === offline.length)
    return engine.flatMap((item, i) => within(item, offline[i], `${path}[${i}]`));
  return [{ path, engine, offline }];
}

const short = (value: unknown) => {
  const text = value === undefined ? "nothing" : typeof value === "string" ? value : canonical(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
};

/** The differences as text, one paragraph each. */
export function describe(differences: readonly Difference[], most = 20): string {
  const shown = differences
    .slice(0, most)
    .map(({ urn, path, engine, offline }) =>
      [
        `  ${urn}${path === "" ? "" : `\n    ${path}`}`,
        `    engine:  ${short(engine)}`,
        `    offline: ${short(offline)}`,
      ].join("\n"),
    );
  const rest = differences.length - shown.length;
  return [...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
