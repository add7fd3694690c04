import { z } from "zod";
import { oneOfDays } from "../values";

/** Ages at which EFS can move a file. Source: `transitionToIa` of the provider's `efs.FileSystem`. */
const ages = [1, 7, 14, 30, 60, 90, 180, 270, 365] as const;

const age = oneOfDays(ages, "an age at which EFS moves files");

export const files = z
  .strictObject({
    warmDays: age.describe("Days without access after which a file moves to Infrequent Access."),
    coldDays: age.describe("Days without access after which it moves to Archive."),
  })
  .superRefine(({ warmDays, coldDays }, context) => {
    if (coldDays <= warmDays)
      context.addIssue({ code: "custom", path: ["coldDays"], message: `more than warmDays (${warmDays})` });
  });

export type FilesSettings = z.infer<typeof files>;
