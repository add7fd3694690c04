import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";
import { keyRemedy } from "../reading/spelling";

/**
 * Readers of logs of a system that the environment doesn't have, and readers that the domain can't admit: it maps IAM
 * roles, and only the environment's account can reach it.
 */
export function readerFaults(project: string, { account: { id }, logs, systems }: Given): Fault[] {
  const known = ["all", ...Object.keys(systems)];
  return Object.entries(logs.readers).flatMap(([system, readers]): Fault[] => {
    const path = `${project}:logs.readers.${system}`;
    if (!known.includes(system))
      return [
        {
          path,
          found: show(readers),
          expected: `all, or one of the environment's systems: ${known.slice(1).join(", ")}`,
          remedy: keyRemedy(system, known),
        },
      ];
    return (Array.isArray(readers) ? readers : []).flatMap((arn: unknown, index) =>
      id === undefined || typeof arn !== "string" || arn.startsWith(`arn:aws:iam::${id}:role/`)
        ? []
        : [
            {
              path: `${path}.${index}`,
              found: show(arn),
              expected: `a role of the environment's account, ${id} (${project}:account.id)`,
            },
          ],
    );
  });
}
