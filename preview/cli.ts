import { Command, Option } from "commander";

import manifest from "../package.json";
import { badUsage, readArguments } from "./command-line";

/** What the command line asks for. */
export interface Arguments {
  stack: string;
  json: boolean;
  /** Print the difference as Markdown, for a comment on a pull request. */
  markdown: boolean;
  out: string | undefined;
  /** Git revision to compare with. */
  against: string | undefined;
  /** Stack to compare with. */
  againstStack: string | undefined;
  /** URNs of stateful resources that may be replaced or deleted. */
  accept: string[];
  all: boolean;
  debug: boolean;
  /** Run the pack in a process of its own, as the engine does. */
  packProcess: boolean;
  /** Speed-ups to disable. */
  without: SpeedUp[];
}

/** Speed-ups of the preview, each of which can be disabled for comparison. */
export const SPEED_UPS = ["promises", "outputs", "inputs", "code"] as const;
export type SpeedUp = (typeof SPEED_UPS)[number];

/** Exit codes of a preview. */
export const EXIT = { clean: 0, violated: 1, usage: 2, broken: 3, lost: 4 } as const;

const { version: VERSION } = manifest;

const EXPLANATION = `
Runs the program (index.ts) with Pulumi.<stack>.yaml, as \`pulumi preview\` does for a new stack, and runs the
policy pack (policies/, with the levels of policies/config/<stack>.json) on every resource. Needs no network, no
credentials and no Pulumi CLI.

Shows what the engine would receive: URNs, parents, options, dependencies and inputs. It isn't the engine: it has
no state and calls no cloud, so it doesn't show what exists, and no provider has checked the inputs. Use
\`pulumi preview --stack <stack>\` for that. Values that only \`up\` knows read [unknown], secrets [secret].

With --against it also runs the program of a git revision, and shows what the current files add, change, replace and
delete if that revision is deployed. Values that read [unknown] or [secret] in both can differ unnoticed.

Output:
  default     policy findings, each system's workloads and stores with their sizes, components, recovery
              objectives, cost and outputs; --all adds every resource and the number of each type
  --json      one JSON document on standard output:
              { stack, resources: [{ urn, type, name, parent, provider, custom, protect, dependencies,
              inputs, options }], outputs, policies, violations }
  --out DIR   also writes DIR/index.html (the report for a browser, one file), DIR/preview.json (the JSON
              document), DIR/manifests/<namespace or "cluster">/<kind>-<name>.yaml (each Kubernetes object,
              ready to apply), DIR/charts (each system as a chart) and DIR/unknowns.json (each placeholder in
              the manifests: path, value, reason); with --against, DIR/difference.json and DIR/difference.md
  --against   the difference instead of the plan; with --json { stack, against, summary, rows, renames,
              newFindings, oldFindings, lost, accepted }

Exit codes:
  0  clean (advisory findings don't count)
  1  a mandatory policy is violated
  2  the configuration or the command line is invalid; one message says what to do
  3  the program, the policy pack or the installation is broken; --debug shows the stack trace
  4  --against: a stateful resource would be replaced or deleted, and no --accept names it

Examples:
  npm run preview -- prod
  npm run preview -- prod --against main
  npm run preview -- prod --against-stack staging
  npm run --silent preview -- dev --json | jq '.resources[].type'
  npm run preview -- staging --out plan && kubectl apply --dry-run=server -R -f plan/manifests`;

/**
 * Reads the command line.
 *
 * @param stacks the stacks that there are, for the messages
 * @throws Usage for `--help` (exit code 0) and for what isn't understood (exit code 2)
 */
export function parseArguments(argv: readonly string[], stacks: readonly string[]): Arguments {
  const known = stacks.length > 0 ? `one of ${stacks.join(", ")}` : "no Pulumi.<stack>.yaml exists yet";
  const command = new Command("npm run preview --")
    .description("Shows what a stack creates, offline, and which policies it violates.")
    .argument("<stack>", known)
    .option("--json", "print one JSON document, and nothing else, on standard output")
    .addOption(new Option("--out <dir>", "write the plan and the Kubernetes manifests into this folder"))
    .addOption(
      new Option("--against <revision>", "show the difference from a git revision").conflicts("againstStack"),
    )
    .option("--against-stack <stack>", "show the difference from another stack")
    .option("--accept <urns...>", "stateful resources that may be replaced or deleted")
    .addOption(new Option("--markdown", "print the difference as Markdown").conflicts("json"))
    .option("--all", "list every resource in the tree, not only components")
    .option("--debug", "record stack traces and show them when something breaks (slower)")
    .option("--pack-process", "run the policy pack in a process of its own, as the engine does (slower)")
    .addOption(
      new Option("--without <speed-ups...>", "run without these speed-ups, to compare").choices(SPEED_UPS),
    )
    .addHelpText("after", EXPLANATION)
    .helpOption("-h, --help", "show this help")
    .version(VERSION, "-V, --version", "print Plinth's version");
  const usage = `Usage: npm run preview -- <stack> [--against REVISION | --against-stack STACK] [--accept URN...] [--json | --markdown] [--out DIR] [--all] [--debug] [--pack-process] [--help]\n<stack> is ${known}.`;
  readArguments(command, argv, usage);
  const given = command.opts<Partial<Arguments>>();
  const none = {
    json: false,
    markdown: false,
    all: false,
    debug: false,
    packProcess: false,
    without: [],
    accept: [],
    out: undefined,
    against: undefined,
    againstStack: undefined,
  };
  const compares = given.against !== undefined || given.againstStack !== undefined;
  if (!compares && (given.markdown === true || given.accept !== undefined))
    throw badUsage("--markdown and --accept need --against <revision> or --against-stack <stack>.", usage);
  return { ...none, ...given, stack: command.args[0] ?? "" };
}
