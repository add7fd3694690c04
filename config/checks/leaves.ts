import { fields, type Values } from "../raw";

/** A text of a stack file, and where it is. */
export interface Leaf {
  path: string;
  value: string;
}

/** Texts under `section` of every system. */
export function leaves(
  project: string,
  raw: Values,
  section: string,
  pick: (value: unknown) => unknown,
): Leaf[] {
  return Object.entries(fields(raw.systems)).flatMap(([system, value]) =>
    Object.entries(section.split(".").reduce((part, key) => fields(part[key]), fields(value))).flatMap(
      ([key, entry]) => {
        const picked = pick(entry);
        return typeof picked === "string"
          ? [{ path: `${project}:systems.${system}.${section}.${key}`, value: picked }]
          : [];
      },
    ),
  );
}
