import { Command, InvalidArgumentError, Option } from "commander";
import { badUsage, readArguments } from "../preview/command-line";
import { profiles, type Profile } from "./plan";

/** Parsed arguments of the command line. */
export interface Arguments {
  /** The system; undefined: all systems. */
  readonly system: string | undefined;
  readonly profile: Profile;
  readonly out: string | undefined;
  readonly source: string | undefined;
  readonly offset: number;
  readonly seed: boolean;
  readonly stack: string;
}

/** Exit codes. */
export const EXIT = { clean: 0, usage: 2, broken: 3 } as const;

const explanation = `
Writes compose.yaml and .env.example for a system, from its description (systems/) and the settings of the stack dev.
Both files start with a marker line and the next call replaces them; other files in the folder are left alone.

Profiles:
  image   the systems' own images, from the registry in .env, with the cluster's restrictions (the default)
  dev     built from a checkout of the system's source, with hot reload
  sample  this repository's sample image for every workload, without migrations: needs no other image and no source

Exit codes:
  0  written
  2  invalid configuration, folder or command line; one message lists every fault; nothing is written
  3  internal error or broken installation

Examples:
  npm run compose -- ams
  npm run compose -- ams --profile dev --source ../ams --out ../ams
  npm run compose -- --all --profile sample`;

/** Highest offset: with it, the highest published port is still a valid port. */
const largestOffset = 55_000;

function offset(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > largestOffset)
    throw new InvalidArgumentError(`a whole number from 0 to ${largestOffset}`);
  return number;
}

/**
 * Parses the command line.
 *
 * @throws Usage for `--help` (exit code 0) and for invalid arguments (exit code 2)
 */
export function parseArguments(argv: readonly string[], systems: readonly string[]): Arguments {
  const known = `one of ${systems.join(", ")}`;
  const command = new Command("npm run compose --")
    .description("Writes a system's Compose file for a developer's machine.")
    .argument("[system]", known)
    .option("--all", "all systems in one file, with ports 10000 apart")
    .addOption(new Option("--profile <profile>", "how the workloads run").choices(profiles).default("image"))
    .option("--out <dir>", "output folder (default: local/<system>, or local/all)")
    .option(
      "--source <dir>",
      "checkout of the system for the profile dev; with --all the folder that contains the checkouts by name (default: --out)",
    )
    .addOption(new Option("--offset <number>", "added to each published port").argParser(offset).default(0))
    .option(
      "--seed",
      "fill the databases with the test data set at each start (otherwise: Compose's --profile seed)",
    )
    .addOption(new Option("--stack <stack>", "stack whose settings are used").default("dev"))
    .addHelpText("after", explanation)
    .helpOption("-h, --help", "show this help");
  const usage = `Usage: npm run compose -- <system> | --all [--profile image|dev|sample] [--out DIR] [--source DIR] [--offset N] [--seed] [--help]\n<system> is ${known}.`;
  readArguments(command, argv, usage);
  const given = command.opts<Omit<Arguments, "system"> & { all?: true }>();
  const [system] = command.args;
  if (given.all === true && system !== undefined)
    throw badUsage(`--all and ${system}: found both; give only one of them`, usage);
  if (given.all !== true && system === undefined)
    throw badUsage("no system: found none; give a system or --all", usage);
  if (system !== undefined && !systems.includes(system))
    throw badUsage(`system: found "${system}"; allowed is ${known}`, usage);
  return { ...given, system, seed: given.seed ?? false };
}
