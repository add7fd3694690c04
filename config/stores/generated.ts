import { z } from "zod";
import { integer } from "../values";

/** Settings of a store of generated secrets. The stack file may leave them out. */
export const generated = z
  .strictObject({
    credentialsVersion: integer(1, 100000, "the secrets' number")
      .default(1)
      .describe(
        "Version of the secrets. Increment it for new ones; images that read `<NAME>_ACCEPTED` accept the previous ones until the next change.",
      ),
  })
  .prefault({});

export type GeneratedSettings = z.output<typeof generated>;
