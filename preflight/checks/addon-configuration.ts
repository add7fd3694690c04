import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

/** The parts of a JSON Schema that determine an object's keys. */
interface Schema {
  /** `#/definitions/<name>`. */
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Paths of the keys that a schema doesn't allow. */
function refusedKeys(value: unknown, given: Schema, root: Schema, path: readonly string[] = []): string[] {
  const { properties = {}, additionalProperties } =
    root.definitions?.[given.$ref?.split("/").at(-1) ?? ""] ?? given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = properties[key];
    if (known !== undefined) return refusedKeys(inner, known, root, [...path, key]);
    return additionalProperties === false ? [[...path, key].join(".")] : [];
  });
}

/**
 * Checks that each add-on's version supports the program's configuration. EKS validates `configurationValues` against
 * the version's schema, and rejects an add-on with an unknown key. Source: Amazon EKS API reference,
 * DescribeAddonConfiguration.
 */
export async function addonConfigurations({ ofType }: Plan, { aws }: World): Promise<Finding[]> {
  const findings = await Promise.all(
    ofType("aws:eks/addon:Addon").map(async ({ addonName, addonVersion, configurationValues }) => {
      if (typeof configurationValues !== "string") return [];
      const which = ["--addon-name", String(addonName), "--addon-version", String(addonVersion)];
      const { configurationSchema } = await aws<{ configurationSchema: string }>(
        "eks",
        "describe-addon-configuration",
        ...which,
      );
      const schema = JSON.parse(configurationSchema) as Schema;
      const refused = refusedKeys(JSON.parse(configurationValues), schema, schema);
      if (refused.length === 0) return [];
      return [
        stops(
          `add-on ${String(addonName)}`,
          `${String(addonVersion)} doesn't support ${refused.join(", ")}`,
          "remove them from the configuration that components/cluster/addons.ts sets",
        ),
      ];
    }),
  );
  return findings.flat();
}
