import { Command, InvalidArgumentError, Option } from "commander";
import { badUsage, readArguments } from "../preview/command-line";
import { profiles, type Profile } from "./plan";

/** What the command line asks for. */
export interface Arguments {
  /** The system; undefined: all of them. */
  readonly system: string | undefined;
  readonly profile: Profile;
  readonly out: string | undefined;
  readonly source: string | undefined;
  readonly offset: number;
  readonly seed: boolean;
  readonly stack: string;
}

/** How the command ends. */
export const EXIT = { clean: 0, usage: 2, broken: 3 } as const;

const explanation = `
Writes compose.yaml and .env.example for a system, from its description (systems/) and the amounts of the stack dev.
Both files carry a mark and are replaced by the next call; anything else in the folder stays as it is.

Profiles:
  image   the systems' own images, from the registry in .env, under the conditions of the cluster (the default)
  dev     built from a checkout of the system's source, with hot reload
  sample  the repository's own sample in the place of every workload, without migrations: needs no image and no source

Exit codes:
  0  written
  2  the configuration, the folder or the command line is at fault; one message says what to do; nothing is written
  3  the program or the installation is broken

Examples:
  npm run compose -- ams
  npm run compose -- ams --profile dev --source ../ams --out ../ams
  npm run compose -- --all --profile sample`;

/** Largest port, less the largest that is published: enough for every port of a system. */
const largestOffset = 55_000;

function offset(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > largestOffset)
    throw new InvalidArgumentError(`a whole number from 0 to ${largestOffset}`);
  return number;
}

/**
 * Reads the command line.
 *
 * @throws Usage for `--help` (exit code 0) and for what isn't understood (exit code 2)
 */
export function parseArguments(argv: readonly string[], systems: readonly string[]): Arguments {
  const known = `one of ${systems.join(", ")}`;
  const command = new Command("npm run compose --")
    .description("Writes a system's Compose file for a developer's machine.")
    .argument("[system]", known)
    .option("--all", "all systems beside each other in one file, their ports 10000 apart")
    .addOption(new Option("--profile <profile>", "how the workloads run").choices(profiles).default("image"))
    .option("--out <dir>", "folder that is written into (default: local/<system>, or local/all)")
    .option(
      "--source <dir>",
      "checkout of the system for the profile dev; with --all the folder that has them by name (default: --out)",
    )
    .addOption(
      new Option("--offset <number>", "added to each port of this machine").argParser(offset).default(0),
    )
    .option(
      "--seed",
      "fill the databases with the test data set at each start (otherwise: --profile seed of Compose)",
    )
    .addOption(new Option("--stack <stack>", "stack whose amounts are taken").default("dev"))
    .addHelpText("after", explanation)
    .helpOption("-h, --help", "explain all this");
  const usage = `Usage: npm run compose -- <system> | --all [--profile image|dev|sample] [--out DIR] [--source DIR] [--offset N] [--seed] [--help]\n<system> is ${known}.`;
  readArguments(command, argv, usage);
  const given = command.opts<Omit<Arguments, "system"> & { all?: true }>();
  const [system] = command.args;
  if (given.all === true && system !== undefined)
    throw badUsage(`--all and ${system}: found both; name one of the two`, usage);
  if (given.all !== true && system === undefined)
    throw badUsage("no system: found nothing; name one, or --all", usage);
  if (system !== undefined && !systems.includes(system))
    throw badUsage(`system: found "${system}"; allowed is ${known}`, usage);
  return { ...given, system, seed: given.seed ?? false };
}
