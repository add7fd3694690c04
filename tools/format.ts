import { readFileSync } from "node:fs";
import { join } from "node:path";

const { printWidth } = JSON.parse(readFileSync(join(__dirname, "..", ".oxfmtrc.json"), "utf8")) as {
  printWidth: number;
};

/** A file's text as `npm run format` writes it. Throws for a text that can't be parsed. */
export async function formatted(file: string, text: string): Promise<string> {
  const { format } = await import("oxfmt");
  const { code, errors } = await format(file, text, { printWidth });
  const [fault] = errors;
  if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
  return code;
}
