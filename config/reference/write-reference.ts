import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalog } from "../../systems";
import { formatted } from "../../tools/format";
import { referencePage } from "./reference";
import { foundationSchema, stackSchema } from "./stack-schema";

/** Text of the generated files, formatted, by their paths in the repository. */
export async function referenceFiles(): Promise<Record<string, string>> {
  const texts = {
    "docs/configuration.md": referencePage(),
    "schemas/stack.schema.json": JSON.stringify(stackSchema(catalog)),
    "schemas/foundation.schema.json": JSON.stringify(foundationSchema()),
  };
  const files = Object.entries(texts).map(async ([file, text]) => {
    return [file, await formatted(file, text)] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** Writes the generated files. */
export async function writeReference(root: string): Promise<void> {
  for (const [file, text] of Object.entries(await referenceFiles())) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

if (require.main === module) void writeReference(join(__dirname, "..", ".."));
