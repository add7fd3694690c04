import { Command, Option } from "commander";

import manifest from "../package.json";
import { readArguments } from "./command-line";

/** What the command line asks for. */
export interface Arguments {
  stack: string;
  json: boolean;
  out: string | undefined;
  all: boolean;
  debug: boolean;
  /** Run the pack in a process of its own, as the engine does. */
  packProcess: boolean;
  /** Speed-ups to leave out. */
  without: SpeedUp[];
}

/** What makes the preview faster than the SDK alone, each to be left out for comparison. */
export const SPEED_UPS = ["promises", "outputs", "inputs", "code"] as const;
export type SpeedUp = (typeof SPEED_UPS)[number];

/** How a preview ends. */
export const EXIT = { clean: 0, violated: 1, usage: 2, broken: 3 } as const;

const { version: VERSION } = manifest;

const EXPLANATION = `
Runs the program (index.ts) with Pulumi.<stack>.yaml as \`pulumi preview\` would for a stack that doesn't
exist yet, and asks the policy pack (policies/, at the levels of policies/config/<stack>.json) about every
resource. Needs no network, no credentials and no Pulumi CLI.

What it shows is what the engine would receive: URNs, parents, options, dependencies and inputs as sent.
It is no engine: it has no state and asks no cloud, so it shows neither what exists nor what would change,
and no provider has checked the inputs. For that: \`pulumi preview --stack <stack>\`.
Values that only \`up\` knows read [unknown], secrets [secret].

Output:
  default     what the policies found, each system's workloads and stores with their sizes, the components,
              the outputs; --all adds every resource and how many there are of each type
  --json      one JSON document on standard output:
              { stack, resources: [{ urn, type, name, parent, provider, custom, protect, dependencies,
              inputs, options }], outputs, policies, violations }
  --out DIR   besides, DIR/preview.json (that document), DIR/manifests/<namespace or "cluster">/
              <kind>-<name>.yaml (each Kubernetes object, appliable as it is) and DIR/unknowns.json
              (each placeholder in them: where, what stands there, why)

Exit codes:
  0  clean (advisory findings don't count)
  1  a mandatory policy is violated
  2  the configuration or the command line is at fault; one message says what to do
  3  the program, the policy pack or the installation is broken; --debug shows the stack trace

Examples:
  npm run preview -- prod
  npm run --silent preview -- dev --json | jq '.resources[].type'
  npm run preview -- staging --out plan && kubectl apply --dry-run=server -R -f plan/manifests`;

/**
 * Reads the command line.
 *
 * @param stacks the stacks that there are, for the messages
 * @throws Usage for `--help` (exit code 0) and for what isn't understood (exit code 2)
 */
export function parseArguments(argv: readonly string[], stacks: readonly string[]): Arguments {
  const known = stacks.length > 0 ? `one of ${stacks.join(", ")}` : "no Pulumi.<stack>.yaml is there yet";
  const command = new Command("npm run preview --")
    .description("Shows what a stack would be, offline, with the policy pack's verdicts.")
    .argument("<stack>", known)
    .option("--json", "print one JSON document, and nothing else, on standard output")
    .addOption(new Option("--out <dir>", "write the plan and the Kubernetes manifests into this folder"))
    .option("--all", "list every resource in the tree, not only components")
    .option("--debug", "record stack traces and show them when something breaks (slower)")
    .option("--pack-process", "run the policy pack in a process of its own, as the engine does (slower)")
    .addOption(new Option("--without <speed-ups...>", "run without them, to compare").choices(SPEED_UPS))
    .addHelpText("after", EXPLANATION)
    .helpOption("-h, --help", "explain all this")
    .version(VERSION, "-V, --version", "print Plinth's version");
  readArguments(
    command,
    argv,
    `Usage: npm run preview -- <stack> [--json] [--out DIR] [--all] [--debug] [--pack-process] [--help]\n<stack> is ${known}.`,
  );
  const given = command.opts<Partial<Arguments>>();
  const none = { json: false, all: false, debug: false, packProcess: false, out: undefined, without: [] };
  return { ...none, ...given, stack: command.args[0] ?? "" };
}
