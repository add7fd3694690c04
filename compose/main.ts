import { join, relative, resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { loadSettings, type Settings } from "../config";
import { Usage } from "../preview/command-line";
import { loadProjectStack } from "../preview/project";
import { previewProgram } from "../preview/run-program";
import { catalog } from "../systems";
import type { SystemSpec } from "../systems/spec";
import { EXIT, parseArguments, type Arguments } from "./cli";
import { ComposeError } from "./fault";
import { localOf } from "./local";
import { Names } from "./names";
import { onThisMachine, type Plan } from "./plan";
import { project, type Project } from "./project";
import { composeText, envText } from "./text";
import { writeAll } from "./write";

/** The project's folder, and the working directory of the command. */
export interface Place {
  readonly root: string;
  readonly startedIn: string;
}

/** Distance between the ports of two systems in one file. */
const apart = 10_000;

/** Settings of a stack, read by the project's own loader. */
async function settingsOf(root: string, stack: string): Promise<Settings> {
  let settings: Settings | undefined;
  await previewProgram(() => void (settings = loadSettings(catalog)), loadProjectStack(root, stack));
  if (settings === undefined) throw new Error("the program did not run");
  return settings;
}

/** Plans of the requested systems, which the stack file must contain. */
export function plansOf(args: Arguments, settings: Settings, { root, startedIn }: Place): Plan[] {
  const all = Object.entries<SystemSpec>(catalog);
  const out = resolve(startedIn, args.out ?? join(root, "local", args.system ?? "all"));
  const source = args.source === undefined ? out : resolve(startedIn, args.source);
  return all.flatMap(([name, spec], index) => {
    if (args.system !== undefined && args.system !== name) return [];
    const amounts = settings.systems[name];
    const alone = args.system !== undefined;
    if (amounts === undefined && !alone) return [];
    if (amounts === undefined)
      throw new ComposeError([
        {
          path: `Pulumi.${args.stack}.yaml: systems.${name}`,
          found: "nothing",
          expected: "a stack that has the system; set it with --stack",
        },
      ]);
    return [
      {
        ...onThisMachine(spec, amounts, localOf(name)),
        environment: settings,
        profile: args.profile,
        seed: args.seed,
        root,
        out,
        names: new Names(alone ? "" : name),
        offset: args.offset + (alone ? 0 : index * apart),
        source: alone ? source : join(source, name),
      },
    ];
  });
}

/** The files that a command line produces. */
export function filesOf(
  argv: readonly string[],
  args: Arguments,
  plans: readonly Plan[],
): Record<string, string> {
  const title = plans.map(({ spec }) => spec.title).join(", ");
  const made: Project = project(args.system ?? "plinth", plans);
  const origin = { command: ["npm run compose --", ...argv].join(" "), title };
  return { "compose.yaml": composeText(made.file, origin), ".env.example": envText(made, origin) };
}

/** Writes the files and returns the exit code. A user's mistake results in one message. */
export async function main(argv: readonly string[], place: Place): Promise<number> {
  try {
    const args = parseArguments(argv, Object.keys(catalog));
    const plans = plansOf(args, await settingsOf(place.root, args.stack), place);
    const out = plans[0]?.out ?? place.startedIn;
    const files = filesOf(argv, args, plans);
    writeAll(out, files);
    const inside = relative(place.startedIn, out);
    const folder = inside.startsWith("..") ? out : inside;
    process.stdout.write(
      `${Object.keys(files)
        .map((file) => join(folder, file))
        .join(
          "\n",
        )}\n\nStart it:\n  cp -n ${join(folder, ".env.example")} ${join(folder, ".env")}\n  docker compose -f ${join(folder, "compose.yaml")} up --build --detach\n`,
    );
    return EXIT.clean;
  } catch (error) {
    if (error instanceof Usage) {
      (error.exitCode === EXIT.clean ? process.stdout : process.stderr).write(error.message);
      return error.exitCode;
    }
    if (error instanceof ComposeError || (error instanceof Error && RunError.isInstance(error))) {
      process.stderr.write(`${error.message}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}
