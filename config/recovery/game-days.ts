import { z } from "zod";
import { integer } from "../values";

/** Experiments of AWS FIS for game days, started manually: docs/runbooks/game-day.md. */
export const gameDays = z
  .strictObject({
    zoneMinutes: integer(5, 60, "minutes").describe(
      "Minutes for which a zone's subnets lose connectivity. Nodes count as lost after about a minute; a failover of a database takes two.",
    ),
  })
  .optional()
  .describe(
    "Experiments of AWS FIS, started manually, that isolate a zone or fail over a database. Default: none.",
  );

export type GameDaySettings = NonNullable<z.infer<typeof gameDays>>;
