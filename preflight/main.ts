import { RunError } from "@pulumi/pulumi";
import { Command } from "commander";
import { environment } from "../components/environment";
import { loadSettings, type Settings } from "../config";
import { readArguments, Usage } from "../preview/command-line";
import { loadProjectStack } from "../preview/project";
import { previewProgram, type Recording } from "../preview/run-program";
import { stacksOf } from "../preview/stacks";
import { catalog } from "../systems";
import { check } from "./check";
import { planOf } from "./plan";
import { AwsError, world } from "./world";

/** Exit codes. */
const exit = { clean: 0, stopped: 1, usage: 2, broken: 3 } as const;

const explanation = `
Checks an account for everything that would make the first \`up\` of the stack fail, with the AWS CLI and the
credentials of the environment: the credentials, the cluster's roles, the Kubernetes version, the add-ons' versions
and configuration, the zones and their delegation, existing records and log groups, quotas, the audit bucket, images,
mail, Docker Hub. It changes nothing. Run it before the first \`up\`, also of a stack that was destroyed: later it
would report what that \`up\` created.

Exit codes:
  0  nothing found, or only advice
  1  a fault, or a check that could not run
  2  invalid configuration or command line
  3  a package or the AWS CLI is missing, or its credentials don't work`;

/**
 * Parses the command line into the stack's name.
 *
 * @throws Usage for `--help` (exit code 0) and for invalid arguments (exit code 2)
 */
function stackOf(argv: readonly string[], stacks: readonly string[]): string {
  const known = `one of ${stacks.join(", ")}`;
  const command = new Command("npm run preflight --")
    .description("Checks an account before the first deployment of a stack.")
    .argument("<stack>", known)
    .addHelpText("after", explanation)
    .helpOption("-h, --help", "show this help");
  readArguments(command, argv, `Usage: npm run preflight -- <stack>\n<stack> is ${known}.`);
  return command.args[0] ?? "";
}

/** Settings and plan of a stack, read by the project's own loader and program. */
async function read(root: string, stack: string): Promise<{ settings: Settings; recording: Recording }> {
  let settings: Settings | undefined;
  const recording = await previewProgram(
    () => {
      settings = loadSettings(catalog);
      return environment(settings, catalog);
    },
    loadProjectStack(root, stack),
  );
  if (settings === undefined) throw new Error("the program did not run");
  return { settings, recording };
}

/** The preflight command: prints its findings, and returns the exit code. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  try {
    const stack = stackOf(argv, stacksOf(root));
    const { settings, recording } = await read(root, stack);
    const findings = await check(planOf(settings, recording), world(settings.account.region));
    for (const { level, about, found, todo } of findings)
      process.stdout.write(`${level.padEnd(7)} ${about}: ${found}.\n        ${todo}\n`);
    const stopping = findings.filter(({ level }) => level === "stops").length;
    process.stdout.write(
      stopping === 0
        ? `Found nothing that would make the first \`up\` of ${stack} fail.\n`
        : `The first \`up\` of ${stack} would fail: ${stopping} to fix.\n`,
    );
    return stopping === 0 ? exit.clean : exit.stopped;
  } catch (error) {
    if (error instanceof Usage) {
      (error.exitCode === exit.clean ? process.stdout : process.stderr).write(error.message);
      return error.exitCode;
    }
    if (error instanceof AwsError) {
      process.stderr.write(`The AWS CLI failed: ${error.message}\n`);
      return exit.broken;
    }
    if (error instanceof Error && RunError.isInstance(error)) {
      process.stderr.write(`${error.message}\n`);
      return exit.usage;
    }
    throw error;
  }
}
