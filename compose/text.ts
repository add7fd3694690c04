import { stringify } from "yaml";
import { given } from "./names";
import type { ComposeFile, Project } from "./project";

/** First line of generated files. Files without it are never overwritten. */
export const mark = "# Written by `npm run compose`";

/** How the two files were generated, for their header comments. */
export interface Origin {
  /** The command line. */
  readonly command: string;
  readonly title: string;
}

/**
 * `compose.yaml`. Multi-line texts are literal blocks without folding. Text that some YAML version could read as
 * another type, such as `no` or `70:70`, is quoted.
 */
export const composeText = (file: ComposeFile, { command, title }: Origin): string =>
  `${mark}, which replaces it: \`${command}\`
# ${title}. Compose Specification; docs/compose.md of Plinth explains it.
${stringify(file, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false })}`;

/** `.env.example`: every variable that the file needs, once, and no others. */
export function envText({ file, env }: Project, { command, title }: Origin): string {
  const text = JSON.stringify(file);
  const lines = Object.entries(env)
    .filter(([name]) => text.includes(given(name)))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { value, comment }]) => `# ${comment}\n${name}=${value}\n`);
  return `${mark}, which replaces it: \`${command}\`
# ${title}. Copy it to .env, which git ignores, and change values there.
# The values are only for this machine: its ports aren't reachable from others, and no environment uses them.

${lines.join("\n")}`;
}
