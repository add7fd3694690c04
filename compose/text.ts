import { stringify } from "yaml";
import { given } from "./names";
import type { ComposeFile, Project } from "./project";

/** The first line of what is written here: a file without it is somebody else's. */
export const mark = "# Written by `npm run compose`";

/** How the two files were made, in their own comments. */
export interface Origin {
  /** The command line. */
  readonly command: string;
  readonly title: string;
}

/**
 * `compose.yaml`. Multi-line texts stand as they are; nothing is folded. In quotes is what any version of YAML could
 * take for something else than text, such as `no` and `70:70`.
 */
export const composeText = (file: ComposeFile, { command, title }: Origin): string =>
  `${mark}, which replaces it: \`${command}\`
# ${title}. Compose Specification; docs/compose.md of Plinth explains it.
${stringify(file, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false })}`;

/** `.env.example`: every variable that the file needs, each once, and no other. */
export function envText({ file, env }: Project, { command, title }: Origin): string {
  const text = JSON.stringify(file);
  const lines = Object.entries(env)
    .filter(([name]) => text.includes(given(name)))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { value, comment }]) => `# ${comment}\n${name}=${value}\n`);
  return `${mark}, which replaces it: \`${command}\`
# ${title}. Copy it to .env, which git ignores, and change there what you like.
# The values are for this machine alone: ports are open to it and to nobody else, and no environment has them.

${lines.join("\n")}`;
}
