import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { catalog } from "../../systems";
import { referencePage } from "./reference";
import { foundationSchema, stackSchema } from "./stack-schema";

/** Text of the generated files, formatted, by their paths in the repository. */
export async function referenceFiles(root: string): Promise<Record<string, string>> {
  const texts = {
    "docs/configuration.md": referencePage(),
    "schemas/stack.schema.json": JSON.stringify(stackSchema(catalog)),
    "schemas/foundation.schema.json": JSON.stringify(foundationSchema()),
  };
  const files = Object.entries(texts).map(async ([file, text]) => {
    const filepath = join(root, file);
    return [file, await format(text, { ...(await resolveConfig(filepath)), filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** Writes the generated files. */
export async function writeReference(root: string): Promise<void> {
  for (const [file, text] of Object.entries(await referenceFiles(root))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

if (require.main === module) void writeReference(join(__dirname, "..", ".."));
