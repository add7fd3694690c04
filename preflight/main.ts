import { RunError } from "@pulumi/pulumi";
import { loadSettings, type Settings } from "../config";
import { loadProjectStack } from "../preview/project";
import { previewProgram, type Recording } from "../preview/run-program";
import { stacksOf } from "../preview/stacks";
import { catalog } from "../systems";
import { environment } from "../components/environment";
import { check } from "./check";
import { planOf } from "./plan";
import { AwsError, world } from "./world";

/** How a preflight ends. */
const exit = { clean: 0, stopped: 1, usage: 2, broken: 3 } as const;

const help = (stacks: readonly string[]) => `Usage: npm run preflight -- <stack>

Asks the account, with the AWS CLI and the credentials of the environment, what a first \`up\` of the stack would run
into: the credentials themselves, the cluster's roles, the Kubernetes version, the add-ons' versions, the zones and
their delegation, records that are there already, quotas, images, mail, Docker Hub. It changes nothing. Records and
repositories that an earlier \`up\` has made count as there already: it is meant for the time before the first.

Stacks: ${stacks.join(", ")}

Exit codes:
  0  nothing stands in the way; advice doesn't count
  1  something does, or couldn't be asked
  2  the configuration or the command line is at fault
  3  the AWS CLI is missing, or its credentials don't work
`;

/** The settings and the plan of a stack, by the project's own loader and program. */
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

/** The preflight as a command: prints what it found, and returns the exit code. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const stacks = stacksOf(root);
  const [stack, ...more] = argv;
  if (stack === "--help") {
    process.stdout.write(help(stacks));
    return exit.clean;
  }
  if (stack === undefined || more.length > 0 || stack.startsWith("-")) {
    process.stderr.write(help(stacks));
    return exit.usage;
  }
  try {
    const { settings, recording } = await read(root, stack);
    const findings = await check(planOf(settings, recording), world(settings.account.region));
    for (const { level, about, found, todo } of findings)
      process.stdout.write(`${level.padEnd(7)} ${about}: ${found}.\n        ${todo}\n`);
    const stopping = findings.filter(({ level }) => level === "stops").length;
    process.stdout.write(
      stopping === 0
        ? `Nothing known stands in the way of a first \`up\` of ${stack}.\n`
        : `${stopping} in the way of a first \`up\` of ${stack}.\n`,
    );
    return stopping === 0 ? exit.clean : exit.stopped;
  } catch (error) {
    if (error instanceof AwsError) {
      process.stderr.write(`The AWS CLI doesn't answer: ${error.message}\n`);
      return exit.broken;
    }
    if (error instanceof Error && RunError.isInstance(error)) {
      process.stderr.write(`${error.message}\n`);
      return exit.usage;
    }
    throw error;
  }
}
