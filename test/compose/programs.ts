import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programsOf, type Built } from "../support/built-program";

type Name = "compose-config" | "nats" | "versitygw" | "caddy" | "elasticmq" | "nats-server" | "actionlint";

/** A program built by `npm run tools:local` (NATS' server: `tools:operators`). */
export const built = (name: Name): Built =>
  ({ ...programsOf("operators.mjs"), ...programsOf("local.mjs") })[name] as Built;

/** The missing ones of these programs, and how to build them; undefined: none is missing. */
export function missing(...wanted: readonly Name[]): string | undefined {
  const lacking = wanted.filter((name) => !existsSync(built(name).file));
  return lacking.length === 0
    ? undefined
    : `${lacking.join(", ")}: npm run tools:local, and tools:operators for NATS' server`;
}

/** Whether a command is on the PATH. */
export const installed = (command: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

const folders = mkdtempSync(join(tmpdir(), "plinth-compose-"));
process.once("exit", () => rmSync(folders, { recursive: true, force: true }));

/** A new folder that is removed when the process ends. */
export const scratch = (): string => mkdtempSync(join(folders, "f"));

/** A service in the parser's output. */
export interface Parsed {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target?: string };
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { host_ip: string; published: string; target: number }[];
  readonly volumes?: readonly { type: string; source?: string; target: string; read_only?: boolean }[];
  readonly networks: Readonly<Record<string, { aliases?: readonly string[] } | null>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { test: readonly string[]; interval: string; start_period?: string };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly configs?: readonly { source: string; target: string }[];
  readonly deploy?: { resources: { limits: { cpus: number; memory: string } } };
}

export interface ParsedFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Parsed>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { content: string }>>;
}

const parses = new Map<string, ParsedFile>();

/**
 * Parses files with the specification's reference parser, with variables replaced. Throws with the parser's message.
 *
 * @param env the variables; default: those of `.env.example`
 */
export function parsed(
  files: Readonly<Record<string, string>>,
  env = files[".env.example"] ?? "",
): ParsedFile {
  const key = JSON.stringify([files["compose.yaml"], env]);
  const known = parses.get(key) ?? parse(files["compose.yaml"] ?? "", env);
  parses.set(key, known);
  return known;
}

function parse(text: string, env: string): ParsedFile {
  const folder = scratch();
  const [compose, variables] = [join(folder, "compose.yaml"), join(folder, ".variables")];
  writeFileSync(compose, text);
  writeFileSync(variables, env);
  const args = ["--env", variables, "--profile", "seed", compose];
  const { status, stdout, stderr } = spawnSync(built("compose-config").file, args, {
    encoding: "utf8",
    // Variables of this machine's environment must not leak into the file.
    env: { PATH: process.env.PATH ?? "" },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ParsedFile;
}
