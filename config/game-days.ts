import { z } from "zod";
import { integer } from "./values";

/** Experiments of AWS FIS that somebody starts on a game day: docs/runbooks/game-day.md. */
export const gameDays = z
  .strictObject({
    zoneMinutes: integer(5, 60, "minutes").describe(
      "Minutes for which a zone's subnets are cut off. Nodes count as lost after about a minute; a failover of a database takes two.",
    ),
  })
  .optional()
  .describe(
    "Experiments of AWS FIS that cut a zone off or fail a database over, once somebody starts them. Default: none.",
  );

export type GameDaySettings = NonNullable<z.infer<typeof gameDays>>;
